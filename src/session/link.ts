/** Between the session and a share link: what is carried of it, and what becomes of one that arrives. */
import { fail, ok, type Result } from '../base/result.ts'
import { decodeLink, encodeLink, FRAGMENT_MAX } from '../scenario/link-codec.ts'
import {
  type LinkComparison,
  type LinkStory,
  type PackedStory,
  packStory,
  unpackStory,
} from '../scenario/link-payload.ts'
import type { EngineClient } from '../worker/client.ts'
import { checkDraft } from './check-draft.ts'
import { whyNotBeside } from './comparable.ts'
import { newDraft } from './draft.ts'
import type { BottomView, Draft, PanelView, ScenarioInput, SessionState, Work } from './session-types.ts'

const bottoms: readonly BottomView[] = ['timeline', 'space-time', 'log', 'store', 'curves']
const panels: readonly PanelView[] = [
  'verdict',
  'saga',
  'tables',
  'message',
  'faults',
  'keys',
  'code',
  'projections',
  'time',
  'sql',
]

/** The link to exactly this. Rejects with a sentence when nobody could open it. */
export async function linkTo(session: SessionState, engine: EngineClient, address: string): Promise<string> {
  const { speed, bottom, panel } = session
  const sides = session.comparison?.getState().sides.map((side) => side.session.getState()) ?? [session]
  const [draft, ...others] = sides.flatMap((side) => side.draft ?? [])
  if (draft === undefined) throw new Error('There is nothing to share yet.')
  const playhead = sides[0]?.playhead ?? 0
  const comparison = await comparisonIn(session, others, engine)
  const story = await packedStory(draft, engine)
  const fragment = await encodeLink({ ...story, playhead, speed, bottom, panel, ...comparison })
  if (fragment.length > FRAGMENT_MAX) {
    throw new Error('This scenario is too large for a link. Save it as a file and send that instead.')
  }
  return address + fragment
}

async function packedStory(draft: Draft, engine: EngineClient): Promise<PackedStory> {
  return packStory(storyOf(draft), await libraryScenario(engine, draft.base.id))
}

async function comparisonIn(
  { comparison }: SessionState,
  drafts: readonly Draft[],
  engine: EngineClient,
): Promise<{ comparison?: LinkComparison }> {
  if (comparison === null || drafts.length === 0) return {}
  const { moment, view } = comparison.getState()
  const others = await Promise.all(drafts.map((draft) => packedStory(draft, engine)))
  return { comparison: { others, time: Math.round(moment.time), nth: moment.nth, view } }
}

/** What a fragment says, checked by the engine like any other scenario. Nothing of the session is touched. */
export async function workFrom(fragment: string, engine: EngineClient): Promise<Result<Work>> {
  const decoded = await decodeLink(fragment)
  if (!decoded.ok) return decoded
  const { value } = decoded
  const draft = await unpacked(value, engine)
  if (!draft.ok) return draft
  const sideBySide = await comparisonOf(draft.value, value.comparison, engine)
  if (!sideBySide.ok) return sideBySide
  return ok({
    draft: draft.value,
    playhead: value.playhead,
    speed: value.speed,
    bottom: bottoms.find((view) => view === value.bottom) ?? 'timeline',
    panel: panels.find((view) => view === value.panel) ?? 'verdict',
    ...(sideBySide.value === undefined ? {} : { sideBySide: sideBySide.value }),
  })
}

async function unpacked(packed: PackedStory, engine: EngineClient): Promise<Result<Draft>> {
  const library = packed.fromLibrary ? await libraryScenario(engine, String(packed.scenario.id)) : undefined
  return checkDraft(engine, draftOf(unpackStory(packed, library)))
}

async function comparisonOf(
  draft: Draft,
  comparison: LinkComparison | undefined,
  engine: EngineClient,
): Promise<Result<Work['sideBySide']>> {
  if (comparison === undefined) return ok(undefined)
  const drafts = [draft]
  for (const other of comparison.others) {
    const found = await unpacked(other, engine)
    if (!found.ok) return found
    const reason = whyNotBeside(drafts, found.value)
    if (reason !== null) return fail({ path: '', message: reason })
    drafts.push(found.value)
  }
  const { time, nth, view } = comparison
  return ok({ drafts, moment: { time, nth }, view: view === 'space-time' ? view : 'stage' })
}

async function libraryScenario(engine: EngineClient, id: string): Promise<ScenarioInput | undefined> {
  const found = await engine.open(id)
  return found.ok ? found.value : undefined
}

function storyOf({ base, variant, seed, changed, added, tuned }: Draft): LinkStory {
  const story = { scenario: base, variant, seed, changed: changed[variant ?? ''] ?? {}, added }
  return tuned === undefined ? story : { ...story, tuned }
}

function draftOf(story: LinkStory): Draft {
  const draft = newDraft(story.scenario, story.variant)
  const edited = { ...draft, seed: story.seed, changed: { [draft.variant ?? '']: story.changed }, added: story.added }
  return story.tuned === undefined ? edited : { ...edited, tuned: story.tuned }
}
