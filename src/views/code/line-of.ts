/**
 * Which line of a program an entry stands for. A pure walk over the entries of one handling: most say it themselves (a
 * statement has a number), the rest are told apart by what came before them.
 */
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import type { ProgramInfo, ProgramPhase } from '../../trace/trace-format.ts'

/** The lines of a handling's entries, in order; −1 where the program has no line for one. */
export function linesOf(trace: Trace, program: ProgramInfo, positions: readonly number[]): number[] {
  const walk = new Walk(trace, program)
  return positions.map((position) => walk.take(position))
}

class Walk {
  private readonly trace: Trace
  private readonly program: ProgramInfo
  private line = -1
  private statement = -1
  private begins = 0
  /** How the handling goes: as planned, or out through one of the exits. */
  private way: 'on' | 'refused' | 'failed' | 'known' = 'on'

  constructor(trace: Trace, program: ProgramInfo) {
    this.trace = trace
    this.program = program
  }

  take(position: number): number {
    const found = this.find(position)
    if (found >= 0) this.line = found
    return found
  }

  private find(position: number): number {
    const { trace } = this
    switch (trace.at('kind', position)) {
      case Kind.received:
        return this.first('received')
      case Kind.acknowledged:
      case Kind.acknowledgementLost:
        return this.way === 'on' || this.line < 0 ? this.first('acknowledge') : this.line
      case Kind.begun:
        return this.begin()
      case Kind.slowed:
        return this.begins === 0 ? this.first('received') : this.first('work')
      case Kind.waiting:
        return this.wait(trace.text(trace.at('a', position)))
      case Kind.executed:
        return this.execute(trace.at('a', position))
      case Kind.deduplicated:
        return this.turnAway(trace.text(trace.at('a', position)))
      case Kind.refused:
        return this.refuse(trace.text(trace.at('a', position)))
      case Kind.failed:
        return this.fail(trace.text(trace.at('a', position)))
      case Kind.prepared:
        return this.first('prepare')
      case Kind.resolved:
        return this.first('commit')
      case Kind.collided:
        return this.violated()
      case Kind.aborted:
        return this.abort()
      case Kind.committed:
        return this.commit()
      case Kind.rowChanged:
        return this.line
      case Kind.sent:
      case Kind.published:
        return this.way === 'on' ? this.sendLine() : this.line
      case Kind.projected:
        return this.first('commit')
      case Kind.checkpointed:
        return this.checkpoint()
      case Kind.eventBuffered:
        return this.last('order')
      case Kind.projectionSkipped:
        return this.way === 'failed' ? this.last('failed') : this.first('order')
      case Kind.projectionParked:
        return this.last('failed')
      case Kind.replyIgnored:
        return this.first('decide')
      default:
        return -1
    }
  }

  private begin(): number {
    this.begins++
    if (this.begins === 1) return this.first('begin')
    // After the commit of a claim or at a recovery point the next transaction begins on the same line.
    return this.way === 'on' && this.line >= 0 ? this.line : this.first('begin')
  }

  private wait(what: string): number {
    if (what.startsWith('idempotency key')) return this.first('claim key')
    if (what.startsWith('inbox')) return this.first('claim inbox')
    if (what.startsWith('fence')) return this.first('claim fence')
    return this.nextStatement()
  }

  private execute(number: number): number {
    const found = this.program.lines.findIndex(({ statements }) => statements?.includes(number))
    if (found >= 0) this.statement = found
    // After an error a projection tries again, from its first statement on.
    if (this.way !== 'known') this.way = 'on'
    return found
  }

  private checkpoint(): number {
    const alone = this.first('checkpoint')
    return alone >= 0 ? alone : this.first('record')
  }

  private turnAway(by: string): number {
    if (by === 'state check') return this.line
    this.way = 'known'
    if (by === 'idempotency key') return this.first('known key')
    if (by === 'inbox') return this.first('known inbox')
    if (by === 'fence') return this.first('known fence')
    if (by.startsWith('unique index')) return this.violated()
    const decide = this.first('decide')
    return decide >= 0 ? decide : this.line
  }

  private refuse(reason: string): number {
    this.way = 'refused'
    if (reason === 'KEY_REUSED') return this.first('busy key')
    if (reason === 'KEY_MISSING') return this.first('claim key')
    if (reason === 'FENCED') return this.first('known fence')
    // A statement that says no was noted a moment ago; a refusal from outside strikes before the first.
    return this.statement >= 0 ? this.statement : this.first('refused')
  }

  private fail(reason: string): number {
    this.way = 'failed'
    if (reason === 'IN_PROGRESS') return this.last('busy key')
    if (reason === 'UNIQUE_VIOLATION') return this.line
    return this.statement >= 0 ? this.line : this.first('failed')
  }

  private abort(): number {
    if (this.way === 'known') return this.line
    if (this.way === 'on') return this.first('begin')
    const exit = this.last(this.way)
    return exit >= 0 ? exit : this.last('failed')
  }

  private commit(): number {
    const at = this.program.lines[this.line]
    // What an orchestrator runs by itself and is refused ends in a decision, not in a way out.
    const exit = this.way === 'refused' || this.way === 'failed' ? this.last(this.way) : -1
    if (exit >= 0) return exit
    if (at?.phase === 'statement' && at.text.startsWith('COMMIT')) return this.line
    const claim = this.first('commit claim')
    return claim >= 0 && this.statement < 0 && this.begins === 1 ? claim : this.end()
  }

  /** In a branch of a two-phase commit the commit is the decision's: what is done here ends with the vote. */
  private end(): number {
    const commit = this.first('commit')
    return commit >= 0 ? commit : this.line
  }

  /** In a transaction it is the statement that sends at once; afterwards what is sent behind the commit. */
  private sendLine(): number {
    const at = this.program.lines[this.line]
    return at?.phase === 'statement' ? this.line : this.first('send')
  }

  /** The value is taken: at the insert that comes next. */
  private violated(): number {
    const found = this.program.lines.findIndex(({ phase }, i) => phase === 'violated' && i > this.statement)
    return found >= 0 ? found : this.line
  }

  private nextStatement(): number {
    const found = this.program.lines.findIndex(
      ({ statements }, i) => i > this.statement && (statements?.length ?? 0) > 0,
    )
    return found >= 0 ? found : this.line
  }

  private first(phase: ProgramPhase): number {
    return this.program.lines.findIndex((line) => line.phase === phase)
  }

  private last(phase: ProgramPhase): number {
    return this.program.lines.findLastIndex((line) => line.phase === phase)
  }
}
