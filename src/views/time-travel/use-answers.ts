/** What the engine answers to expressions about the run on the screen; asked again when they, or the run, change. */
import { useEffect, useState } from 'react'
import type { Answer } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'

const WAIT_MS = 60

/** The last answers that came; null before the first. Questions in quick succession are asked once. */
export function useAnswers(trace: Trace, expressions: readonly string[]): readonly Answer[] | null {
  const ask = useSession((session) => session.ask)
  // A run under way says more when it has come further.
  const status = useSession((session) => session.run.status)
  const [answers, setAnswers] = useState<readonly Answer[] | null>(null)
  const asked = JSON.stringify(expressions)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run, and the end of one, give other answers
  useEffect(() => {
    let isCurrent = true
    const wanted = JSON.parse(asked) as string[]
    if (wanted.length === 0) return setAnswers(null)
    const timer = setTimeout(() => {
      ask(wanted).then(
        (now) => isCurrent && setAnswers(now),
        (error: Error) => isCurrent && setAnswers(wanted.map(() => ({ ok: false, message: error.message }))),
      )
    }, WAIT_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [ask, asked, trace, status])
  return answers
}
