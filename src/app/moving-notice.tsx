import { AnimatePresence, domAnimation, LazyMotion, MotionConfig } from 'framer-motion'
import * as m from 'framer-motion/m'
import type { ReactNode } from 'react'

const away = { opacity: 0, y: -8 }
const here = { opacity: 1, y: 0 }

/** Comes from above and goes back there; fades only, for those who asked for less motion. */
export function MovingNotice({ children }: { children: ReactNode }) {
  return (
    <LazyMotion features={domAnimation} strict>
      <MotionConfig reducedMotion="user" transition={{ duration: 0.18, ease: 'easeOut' }}>
        <AnimatePresence>
          {children !== null && (
            <m.div initial={away} animate={here} exit={away}>
              {children}
            </m.div>
          )}
        </AnimatePresence>
      </MotionConfig>
    </LazyMotion>
  )
}
