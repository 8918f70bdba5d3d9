import { Search } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './store-log.module.css'

interface StoreToolsProps {
  stores: readonly string[]
  store: number
  onStore: (store: number) => void
  stream: string
  onStream: (stream: string) => void
  type: string
  types: readonly string[]
  onType: (type: string) => void
  children: ReactNode
}

/** Which store, which streams, which type. */
export function StoreTools(props: StoreToolsProps) {
  const { stores, store, onStore, stream, onStream, type, types, onType, children } = props
  return (
    <div className={styles.tools}>
      {stores.length > 1 && (
        <select aria-label="Store" value={store} onChange={({ target }) => onStore(Number(target.value))}>
          {stores.map((title, number) => (
            <option key={title} value={number}>
              {title}
            </option>
          ))}
        </select>
      )}
      <label className={styles.search}>
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          placeholder="Stream"
          aria-label="Filter by stream"
          value={stream}
          onChange={({ target }) => onStream(target.value)}
        />
      </label>
      <select aria-label="Filter by type" value={type} onChange={({ target }) => onType(target.value)}>
        <option value="">All types</option>
        {types.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <span className={styles.count}>{children}</span>
    </div>
  )
}
