/** Between the session and a share link: what is carried of it, and what becomes of one that arrives. */
import { ok, type Result } from '../base/result.ts'
import { decodeLink, encodeLink, FRAGMENT_MAX } from '../scenario/link-codec.ts'
import { type LinkStory, packStory, unpackStory } from '../scenario/link-payload.ts'
import type { EngineClient } from '../worker/client.ts'
import { checkDraft } from './check-draft.ts'
import { newDraft } from './draft.ts'
import type { BottomView, Draft, PanelView, ScenarioInput, SessionState, Work } from './session-types.ts'

const bottoms: readonly BottomView[] = ['timeline', 'space-time', 'log']
const panels: readonly PanelView[] = ['verdict', 'saga', 'tables', 'message', 'faults', 'keys', 'code']

/** The link to exactly this. Rejects with a sentence when nobody could open it. */
export async function linkTo(session: SessionState, engine: EngineClient, address: string): Promise<string> {
  const { draft, playhead, speed, bottom, panel } = session
  if (draft === null) throw new Error('There is nothing to share yet.')
  const packed = packStory(storyOf(draft), await libraryScenario(engine, draft.base.id))
  const fragment = await encodeLink({ ...packed, playhead, speed, bottom, panel })
  if (fragment.length > FRAGMENT_MAX) {
    throw new Error('This scenario is too large for a link. Save it as a file and send that instead.')
  }
  return address + fragment
}

/** What a fragment says, checked by the engine like any other scenario. Nothing of the session is touched. */
export async function workFrom(fragment: string, engine: EngineClient): Promise<Result<Work>> {
  const decoded = await decodeLink(fragment)
  if (!decoded.ok) return decoded
  const { value } = decoded
  const library = value.fromLibrary ? await libraryScenario(engine, String(value.scenario.id)) : undefined
  const checked = await checkDraft(engine, draftOf(unpackStory(value, library)))
  if (!checked.ok) return checked
  return ok({
    draft: checked.value,
    playhead: value.playhead,
    speed: value.speed,
    bottom: bottoms.find((view) => view === value.bottom) ?? 'timeline',
    panel: panels.find((view) => view === value.panel) ?? 'verdict',
  })
}

async function libraryScenario(engine: EngineClient, id: string): Promise<ScenarioInput | undefined> {
  const found = await engine.open(id)
  return found.ok ? found.value : undefined
}

function storyOf({ base, variant, seed, changed, added }: Draft): LinkStory {
  return { scenario: base, variant, seed, changed: changed[variant ?? ''] ?? {}, added }
}

function draftOf(story: LinkStory): Draft {
  const draft = newDraft(story.scenario, story.variant)
  return { ...draft, seed: story.seed, changed: { [draft.variant ?? '']: story.changed }, added: story.added }
}
