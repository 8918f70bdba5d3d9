import { Maximize, Minus, Plus } from 'lucide-react'
import { IconButton } from '../../ui/button.tsx'
import styles from './stage.module.css'

const STEP = 1.25

interface ZoomButtonsProps {
  onZoom(factor: number): void
  onFit(): void
}

export function ZoomButtons({ onZoom, onFit }: ZoomButtonsProps) {
  return (
    <div className={styles.zoom}>
      <IconButton label="Zoom in" size="s" onClick={() => onZoom(STEP)}>
        <Plus size={15} aria-hidden />
      </IconButton>
      <IconButton label="Zoom out" size="s" onClick={() => onZoom(1 / STEP)}>
        <Minus size={15} aria-hidden />
      </IconButton>
      <IconButton label="Show everything" size="s" onClick={onFit}>
        <Maximize size={14} aria-hidden />
      </IconButton>
    </div>
  )
}
