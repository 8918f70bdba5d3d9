/**
 * What comes and goes above the page, with the library that moves it: loaded after the first picture, because none of
 * it is needed for that.
 */
import { domAnimation, LazyMotion, MotionConfig } from 'framer-motion'
import { FileDrop } from './file-drop.tsx'
import { Notices } from './notices.tsx'

export function Overlays() {
  return (
    <LazyMotion features={domAnimation} strict>
      <MotionConfig reducedMotion="user" transition={{ duration: 0.18, ease: 'easeOut' }}>
        <Notices />
        <FileDrop />
      </MotionConfig>
    </LazyMotion>
  )
}
