import { useMemo } from 'react'
import type { Session } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'

export interface StillMoment {
  readonly trace: Session['trace']
  readonly world: Session['world']
  readonly playhead: number
}

/** The moment shown, as long as it stands still: what is only read, and not watched, need not follow every frame. */
export function useStillMoment(): StillMoment {
  const select = useMemo(stillMoment, [])
  return useSession(select)
}

function stillMoment(): (session: Session) => StillMoment {
  let kept: StillMoment | undefined
  return ({ playing, trace, world, playhead }) => {
    const isSame = kept?.trace === trace && kept.world === world && kept.playhead === playhead
    if (kept === undefined || (!isSame && (!playing || kept.trace !== trace))) kept = { trace, world, playhead }
    return kept
  }
}
