import { timeText } from '../trace/describe.ts'
import { edit, fromStart, revisit } from './apply-draft.ts'
import { branchAfter, withPresent } from './branches.ts'
import { newDraft, withAdded, withFault, withTuning } from './draft.ts'
import { type Drop, dropAt } from './drop-fault.ts'
import type { SessionContext } from './session-store.ts'
import type { FaultInput, FaultKind, SessionActions, SessionFault, Target } from './session-types.ts'
import { travel } from './undo.ts'

type EditActions = Pick<
  SessionActions,
  'tune' | 'setVariant' | 'setSeed' | 'undo' | 'redo' | 'dropFault' | 'changeFault' | 'toggleFault' | 'removeFault'
>

export function editActions(context: SessionContext): EditActions {
  const { get } = context
  const change = (fault: SessionFault, to: FaultInput | null, said: string) => {
    const { draft, announce } = get()
    if (draft === null) return
    edit(context, withFault(draft, fault, to))
    announce(`${fault.fault.kind} ${said}`)
  }
  return {
    setVariant(chosen) {
      const { draft } = get()
      if (draft === null) return
      const { variant } = newDraft(draft.base, chosen)
      if (draft.variant !== variant) edit(context, { ...draft, variant })
    },
    setSeed(seed) {
      const { draft, effective } = get()
      if (draft !== null && (effective?.seed ?? 1) !== seed) edit(context, { ...draft, seed })
    },
    tune(patch, said) {
      const { draft, announce } = get()
      if (draft === null) return
      edit(context, withTuning(draft, patch), { playhead: 'end', playing: false })
      announce(said)
    },
    undo: () => goTo(context, 'undo'),
    redo: () => goTo(context, 'redo'),
    dropFault: (kind, target) => drop(context, kind, target),
    changeFault: (fault, to) => change(fault, to, 'changed'),
    toggleFault(fault) {
      const isOn = fault.fault.enabled ?? true
      change(fault, { ...fault.fault, enabled: !isOn }, isOn ? 'switched off' : 'switched on')
    },
    removeFault: (fault) => change(fault, null, 'removed'),
  }
}

function goTo(context: SessionContext, direction: 'undo' | 'redo'): void {
  const { announce } = context.get()
  const way = travel(context.get(), direction)
  if (way === undefined) {
    announce(`Nothing to ${direction}`)
  } else {
    const branch = branchAfter(context.get(), direction, way.to)
    context.set({ branches: withPresent(context.get()), branch, ...way.ways })
    revisit(context, way.to)
    announce(direction === 'undo' ? 'Undone' : 'Done again')
  }
}

function drop(context: SessionContext, kind: FaultKind, target: Target): void {
  const { draft, effective, trace, time, faults, announce, notify } = context.get()
  if (draft === null || effective === null || trace === null) return
  const dropped = dropAt(kind, target, { trace, time, scenario: effective })
  context.set({ armed: null })
  if (dropped === undefined) {
    const title = `A ${kind} has no effect there`
    notify({ tone: 'info', title, lines: ['Nothing of the simulation runs on it. Choose a service or a line.'] })
  } else {
    const landing = dropped.rewound ? fromStart(context) : undefined
    const name = branchNameFor(kind, dropped, time)
    edit(context, withAdded(draft, dropped.fault), landing, { as: 'act', name })
    context.set({ selection: { type: 'fault', number: faults.length } })
    announce(sentence(kind, dropped, time))
    if (dropped.rewound) notify({ tone: 'info', title: 'The run starts again', lines: [REWOUND] })
  }
}

const REWOUND = 'Nothing more happened there after the moment you were looking at, so it lands at the start.'

function sentence(kind: FaultKind, { fault, rewound }: Drop, time: number): string {
  const place = placeOf(fault)
  if (rewound)
    return `${kind}${place} from the start: nothing more happened there, so the run goes back to its beginning`
  return `${kind}${place} after ${timeText(time)}`
}

/** `Crash on payment at 5.010 s`. */
function branchNameFor(kind: FaultKind, { fault, rewound }: Drop, time: number): string {
  const what = kind.charAt(0).toUpperCase() + kind.slice(1)
  return `${what}${placeOf(fault)} ${rewound ? 'from the start' : `at ${timeText(Math.round(time))}`}`
}

function placeOf(fault: FaultInput): string {
  if ('service' in fault) return ` on ${fault.service}`
  if (fault.kind === 'partition') return ` between ${fault.between.map((side) => side.join(', ')).join(' and ')}`
  if (fault.kind === 'amnesia') return ' of the broker'
  const from = fault.from === undefined ? '' : ` from ${fault.from}`
  return fault.to === undefined ? from : `${from} to ${fault.to}`
}
