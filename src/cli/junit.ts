/** Results as a JUnit file: what every build server shows. */
import { writeFileSync } from 'node:fs'
import { BadInput } from './output.ts'

export interface TestCase {
  readonly name: string
  readonly failure: { readonly message: string; readonly details: string } | null
}

export function junit(suite: string, cases: readonly TestCase[], seconds: number): string {
  const failures = cases.filter(({ failure }) => failure !== null).length
  const time = seconds.toFixed(3)
  const lines = cases.map(({ name, failure }) => {
    const opening = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}"`
    if (failure === null) return `${opening}/>`
    return `${opening}>\n      <failure message="${escaped(failure.message)}">${escaped(failure.details)}</failure>\n    </testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="${escaped(suite)}" tests="${cases.length}" failures="${failures}" time="${time}">`,
    ...lines,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (char) => entities[char] as string)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot hold them at all.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ')
  )
}

export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new BadInput(`--junit ${file}: it cannot be written: ${(error as Error).message}`)
  }
}
