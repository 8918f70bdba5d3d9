/** Where a command writes. Real streams in `main.ts`, lists of lines in tests. */
export interface Output {
  out(text: string): void
  error(text: string): void
}

/** What the visitor wrote cannot be used. Each line says where and how to mend it; no stack is ever shown for it. */
export class BadInput extends Error {
  readonly lines: readonly string[]

  constructor(...lines: string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}

/** What a command ends with. */
export const Exit = { asExpected: 0, notAsExpected: 1, badInput: 2, bug: 70 } as const
export type ExitCode = (typeof Exit)[keyof typeof Exit]
