/** Lines of code to be read, as they are put together: what they say, and which phase of a handling they stand for. */
import type { ProgramLine, ProgramPhase, StatementInfo } from '../trace/trace-format.ts'
import { codeText } from './code-text.ts'
import { everyStatement } from './every-statement.ts'
import type { Operation } from './schema.ts'
import type { DurationInput } from './schema-load.ts'
import { findTable, type World } from './scope.ts'
import type { Statement } from './statement-types.ts'

export class Listing {
  readonly lines: ProgramLine[] = []

  add(indent: number, phase: ProgramPhase, text: string, more: Pick<ProgramLine, 'statements' | 'waits'> = {}): void {
    this.lines.push({ text, indent, phase, ...more })
  }

  work(time: DurationInput): void {
    if (time !== 0) this.add(1, 'work', `work ${durationText(time)}`, { waits: true })
  }
}

function durationText(time: DurationInput): string {
  if (typeof time === 'number') return `${time} ms`
  return Array.isArray(time) ? `${time[0]} to ${time[1]} ms` : `${time.exponential} ms on average`
}

/**
 * The statements of one operation as lines. Their numbers are taken in the order in which they were compiled; an
 * orchestrator that runs the operation by itself, or a second lane of a projection, has numbers of its own for them.
 */
export class Body {
  private readonly listing: Listing
  private readonly uniqueViolation: Operation['uniqueViolation']
  private readonly numbers: number[] = []
  private readonly count: number
  private readonly isUnique: (table: string) => boolean
  private next = 0

  constructor(
    listing: Listing,
    world: World,
    service: number,
    names: readonly string[],
    all: readonly Statement[],
    uniqueViolation: Operation['uniqueViolation'],
    statements: readonly StatementInfo[],
  ) {
    this.listing = listing
    this.uniqueViolation = uniqueViolation
    statements.forEach((one, number) => {
      if (one.service === service && names.includes(one.operation)) this.numbers.push(number)
    })
    this.count = everyStatement(all).filter((statement) => !('work' in statement)).length
    this.isUnique = (table) => (world.tables[findTable(world, service, table)]?.uniques.length ?? 0) > 0
  }

  add(statements: readonly Statement[], indent: number): void {
    for (const statement of statements) {
      this.addOne(statement, indent)
      if (!('if' in statement)) continue
      this.add(statement.do, indent + 1)
      if (statement.else === undefined) continue
      this.listing.add(indent, 'declared', 'else:')
      this.add(statement.else, indent + 1)
    }
  }

  private addOne(statement: Statement, indent: number): void {
    const waits = 'work' in statement || 'call' in statement
    const numbers = 'work' in statement ? [] : this.take()
    const more = { statements: numbers, ...(waits ? { waits } : {}) }
    this.listing.add(indent, 'statement', codeText(statement), more)
    if (!('insert' in statement) || statement.conflict !== 'refuse' || !this.isUnique(statement.insert)) return
    const isMapped = this.uniqueViolation === 'existing'
    const does = isMapped ? 'reply what is there already' : 'fail with UNIQUE_VIOLATION'
    this.listing.add(indent + 1, 'violated', `on a duplicate: ${does}`)
  }

  private take(): readonly number[] {
    const place = this.next++
    return this.numbers.filter((_, i) => i % this.count === place)
  }
}
