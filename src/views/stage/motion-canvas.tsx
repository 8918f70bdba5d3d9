import { type RefObject, useEffect, useRef } from 'react'
import { useStoreApi } from 'reactflow'
import { useSessionStore } from '../../session/use-session.ts'
import { prefersReducedMotion } from '../../ui/use-reduced-motion.ts'
import type { Ground } from './brush.ts'
import { MotionLayer } from './motion-layer.ts'
import styles from './stage.module.css'

interface MotionCanvasProps {
  ground: Ground
  /** Filled with the layer, for whoever asks what is under the pointer. */
  layer: RefObject<MotionLayer | null>
}

/** Everything that moves. It lies above the cards and lets every pointer through. */
export function MotionCanvas({ ground, layer }: MotionCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const session = useSessionStore()
  const view = useStoreApi()
  const first = useRef(ground)
  useEffect(() => {
    if (canvas.current === null) return
    const sources = { session, view, prefersReducedMotion }
    const made = new MotionLayer(canvas.current, first.current, sources)
    layer.current = made
    return () => {
      made.stop()
      layer.current = null
    }
  }, [session, view, layer])
  useEffect(() => {
    layer.current?.setGround(ground)
  }, [ground, layer])
  return <canvas ref={canvas} className={styles.motion} aria-hidden />
}
