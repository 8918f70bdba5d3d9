import { ok } from '../base/result.ts'
import { edit, engineTrouble, fromStart, refuse } from './apply-draft.ts'
import { openComparison } from './compare-actions.ts'
import { newDraft } from './draft.ts'
import type { SessionContext } from './session-store.ts'
import type { Draft, PanelView, ScenarioInput, SessionActions } from './session-types.ts'

type OpenActions = Pick<
  SessionActions,
  'openLibrary' | 'libraryDraft' | 'openText' | 'openWork' | 'shareLink' | 'fileText'
>

/** More text than this is no scenario anybody wrote. */
const TEXT_MAX = 1_000_000

export function openActions(context: SessionContext): OpenActions {
  const { engine, get } = context
  return {
    openLibrary(id, variant = null) {
      const work = async () => {
        const found = await engine.open(id)
        if (found.ok) openDraft(context, newDraft(found.value, variant))
        else refuse(context, found.problems, 'This scenario could not be opened')
      }
      work().catch((error) => engineTrouble(context, error))
    },
    async libraryDraft(id) {
      const found = await engine.open(id)
      return found.ok ? ok(newDraft(found.value)) : found
    },
    openText(text) {
      const work = async () => {
        if (text.length > TEXT_MAX) {
          const message = `a scenario file has at most 1 MB, this one has ${(text.length / 1_000_000).toFixed(1)} MB`
          return refuse(context, [{ path: '', message }], 'This file could not be opened')
        }
        const checked = await engine.check(text)
        if (checked.ok) openDraft(context, newDraft(checked.value))
        else refuse(context, checked.problems, 'This file could not be opened')
      }
      work().catch((error) => engineTrouble(context, error))
    },
    openWork({ draft, playhead, speed, bottom, panel, sideBySide }) {
      get().endComparison()
      context.set({ speed, bottom, panel, selection: null, armed: null })
      edit(context, draft, { playhead, playing: false }, { as: 'opening' })
      if (sideBySide !== undefined) openComparison(context, { ...sideBySide, speed, playing: false })
    },
    async shareLink() {
      const { linkTo } = await import('./link.ts')
      return linkTo(get(), engine, context.address())
    },
    fileText() {
      const { draft, effective } = get()
      return draft === null || effective === null ? '' : `${JSON.stringify(asFile(draft, effective), null, 2)}\n`
    },
  }
}

/** Shows another scenario from its start. What was open before is one undo away. */
export function openDraft(context: SessionContext, draft: Draft): void {
  const { speed = 1, panel = panelAfter(context), time } = draft.base.stage ?? {}
  context.set({ selection: null, armed: null, speed, panel, ...(time === undefined ? {} : { bottom: time }) })
  edit(context, draft, fromStart(context), { as: 'opening' })
}

/** What the last story had opened is closed with it; what the visitor has opened stays. */
function panelAfter(context: SessionContext): PanelView {
  const { panel, draft } = context.get()
  return draft?.base.stage?.panel === panel ? 'verdict' : panel
}

/** The variants are changes to the base; once one is applied, they would no longer fit. */
function asFile(draft: Draft, effective: ScenarioInput): ScenarioInput {
  if (draft.variant === null) return effective
  const { variants: _, ...applied } = effective
  return applied
}
