import type { Draft } from './session-types.ts'

const KEPT = 200

/** Where the drafts have been and can go again. Drafts are values, so this is two lists and nothing is copied. */
export class Timeline {
  private past: Draft[] = []
  private future: Draft[] = []

  get canUndo(): boolean {
    return this.past.length > 0
  }

  get canRedo(): boolean {
    return this.future.length > 0
  }

  /** A new edit leaves `from` behind; what was undone before it is gone. */
  push(from: Draft): void {
    this.past = [...this.past.slice(1 - KEPT), from]
    this.future = []
  }

  undo(from: Draft): Draft | undefined {
    const to = this.past.pop()
    if (to !== undefined) this.future.push(from)
    return to
  }

  redo(from: Draft): Draft | undefined {
    const to = this.future.pop()
    if (to !== undefined) this.past.push(from)
    return to
  }

  /** Forgets the last edit, as if it had never been made. */
  takeBack(): void {
    this.past.pop()
  }
}
