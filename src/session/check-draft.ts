import { ok, type Result } from '../base/result.ts'
import type { EngineClient } from '../worker/client.ts'
import { effectiveScenario } from './draft.ts'
import type { Draft } from './session-types.ts'

/** A draft from outside (a link, a former visit): its base has to be a scenario, and so has what the edits make of it. */
export async function checkDraft(engine: EngineClient, draft: Draft): Promise<Result<Draft>> {
  const base = await engine.check(JSON.stringify(draft.base))
  if (!base.ok) return base
  const { variants: _, ...scenario } = effectiveScenario(draft)
  const effective = await engine.check(JSON.stringify(scenario))
  return effective.ok ? ok(draft) : effective
}
