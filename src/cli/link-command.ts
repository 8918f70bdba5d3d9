/** `link`: the address that opens exactly this in a browser. */
import { encodeLink, FRAGMENT_MAX } from '../scenario/link-codec.ts'
import { packStory } from '../scenario/link-payload.ts'
import { type OptionKinds, readArguments, readSeed, theStory } from './arguments.ts'
import { BadInput, Exit, type ExitCode, type Output } from './output.ts'
import { libraryStories, openStory, prepare } from './stories.ts'

const options: OptionKinds = { variant: 'value', seed: 'value', base: 'value' }

/** Where `npm start` serves the page. */
export const BASE = 'http://localhost:4173/'

export async function linkCommand(given: readonly string[], output: Output): Promise<ExitCode> {
  const args = readArguments(given, options)
  const story = openStory(theStory(args, 'link'))
  const variant = args.value('variant') ?? null
  prepare(story, variant)
  const base = readBase(args.value('base') ?? BASE)
  const inLibrary = libraryStories().find(({ label }) => label === story.input.id)
  const carried = packStory(
    { scenario: story.input, variant, seed: readSeed(args) ?? null, changed: {}, added: [] },
    inLibrary?.input,
  )
  const fragment = await encodeLink({ ...carried, playhead: 0, speed: 1, bottom: 'timeline', panel: 'verdict' })
  if (fragment.length > FRAGMENT_MAX) {
    throw new BadInput(`${story.label}: too large for a link: ${fragment.length} characters, at most ${FRAGMENT_MAX}`)
  }
  output.out(base + fragment)
  return Exit.asExpected
}

export function readBase(text: string): string {
  if (!URL.canParse(text)) {
    throw new BadInput(`--base: "${text}" is no address; write it whole, for example https://example.org/sagascope/`)
  }
  return text.replace(/#.*$/, '')
}
