import { Next, type Program, type Step } from './model.ts'

/** A place in a program that is known later. */
export interface Label {
  at: number
}

/** Puts a program together from steps and labels. */
export class Assembler {
  private readonly steps: Step[] = []

  emit(...steps: Step[]): void {
    this.steps.push(...steps)
  }

  label(): Label {
    return { at: -1 }
  }

  place(label: Label): void {
    label.at = this.steps.length
  }

  jump(label: Label): void {
    this.emit((_sim, task) => {
      task.pc = label.at
      return Next.jump
    })
  }

  finish(name: string, labels: { refused: Label; failed: Label; duplicate?: Label; skip?: Label }): Program {
    return {
      name,
      steps: this.steps,
      onRefused: labels.refused.at,
      onFailed: labels.failed.at,
      onDuplicate: (labels.duplicate ?? labels.failed).at,
      onSkip: (labels.skip ?? labels.failed).at,
    }
  }
}
