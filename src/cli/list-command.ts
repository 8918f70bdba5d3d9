/** `list`: what the library has. */
import { type OptionKinds, readArguments } from './arguments.ts'
import { BadInput, Exit, type ExitCode, type Output } from './output.ts'
import { libraryStories } from './stories.ts'
import { columns } from './table.ts'

const options: OptionKinds = { json: 'switch' }

export function listCommand(given: readonly string[], output: Output): ExitCode {
  const args = readArguments(given, options)
  if (args.words.length > 0) throw new BadInput(`list takes no names; what is "${args.words[0]}"?`)
  const items = libraryStories().map(({ label, input, variants }) => ({
    id: label,
    title: input.title,
    case: input.case ?? null,
    variants,
  }))
  if (args.has('json')) {
    output.out(JSON.stringify(items, null, 2))
    return Exit.asExpected
  }
  const rows = items.map((item) => [item.id, item.case ?? '', item.title, item.variants.join(', ')])
  output.out(columns([['ID', 'CASE', 'TITLE', 'VARIANTS'], ...rows]).join('\n'))
  return Exit.asExpected
}
