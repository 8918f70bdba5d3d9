import { Columns2, Crosshair, FolderOpen, Keyboard, Monitor, Moon, Redo2, Save, Share2, Sun, Undo2 } from 'lucide-react'
import { type ChangeEvent, useRef } from 'react'
import { sessionStore, useSession } from '../session/use-session.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { BranchButton } from './branch-button.tsx'
import { openFile, saveFile } from './files.ts'
import styles from './header.module.css'
import { Logo } from './logo.tsx'
import { SeedControl } from './seed-control.tsx'
import { setTheme, themes, useTheme } from './theme.ts'
import { VariantSwitch } from './variant-switch.tsx'

interface HeaderProps {
  onShare: () => void
  onHelp: () => void
  onCompare: () => void
  onSearch: () => void
}

export function Header({ onShare, onHelp, onCompare, onSearch }: HeaderProps) {
  const isComparing = useSession((session) => session.comparison !== null)
  return (
    <header className={styles.header} data-comparing={isComparing}>
      <h1 className={styles.logo}>
        <Logo />
        <span className={styles.name}>Sagascope</span>
      </h1>
      <Crumb />
      <div className={styles.settings}>
        <VariantSwitch />
        <SeedControl />
        <CompareButton onPress={onCompare} />
        <SearchButton onPress={onSearch} />
        <BranchButton />
      </div>
      <div className={styles.tools}>
        <span className={styles.edits}>
          <UndoRedo />
          <Files />
        </span>
        <ThemeButton />
        <IconButton label="Keyboard and help" onClick={onHelp} className={styles.help}>
          <Keyboard aria-hidden="true" />
        </IconButton>
      </div>
      <Button
        tone="primary"
        icon={<Share2 aria-hidden="true" />}
        aria-label="Share"
        className={styles.share}
        onClick={onShare}
      >
        <span>Share</span>
      </Button>
    </header>
  )
}

function CompareButton({ onPress }: { onPress: () => void }) {
  const isEmpty = useSession((session) => session.draft === null)
  return (
    <Button
      icon={<Columns2 aria-hidden="true" />}
      aria-label="Compare"
      title="Put another variant or setting beside this run"
      disabled={isEmpty}
      className={styles.compare}
      onClick={onPress}
    >
      <span>Compare</span>
    </Button>
  )
}

function SearchButton({ onPress }: { onPress: () => void }) {
  const isEmpty = useSession((session) => session.draft === null)
  return (
    <Button
      icon={<Crosshair aria-hidden="true" />}
      aria-label="Hunt"
      title="Look for what breaks this scenario"
      disabled={isEmpty}
      className={styles.compare}
      onClick={onPress}
    >
      <span>Hunt</span>
    </Button>
  )
}

function Crumb() {
  const chapter = useSession((session) => session.effective?.chapter)
  const title = useSession((session) => session.effective?.title)
  return (
    <p className={styles.crumb} title={title}>
      {chapter !== undefined && <span className={styles.chapter}>{chapter} / </span>}
      <strong>{title}</strong>
    </p>
  )
}

function UndoRedo() {
  const canUndo = useSession((session) => session.canUndo)
  const canRedo = useSession((session) => session.canRedo)
  const undo = useSession((session) => session.undo)
  const redo = useSession((session) => session.redo)
  return (
    <>
      <IconButton label="Undo" disabled={!canUndo} onClick={undo}>
        <Undo2 aria-hidden="true" />
      </IconButton>
      <IconButton label="Redo" disabled={!canRedo} onClick={redo} className={styles.redo}>
        <Redo2 aria-hidden="true" />
      </IconButton>
    </>
  )
}

function Files() {
  const input = useRef<HTMLInputElement>(null)
  const choose = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const file = currentTarget.files?.[0]
    // The same file can be chosen again after it was mended.
    currentTarget.value = ''
    if (file !== undefined) openFile(file, sessionStore.getState())
  }
  return (
    <span className={styles.files}>
      <input ref={input} type="file" accept=".json,application/json" hidden onChange={choose} />
      <IconButton label="Open a scenario file" onClick={() => input.current?.click()}>
        <FolderOpen aria-hidden="true" />
      </IconButton>
      <IconButton label="Save the scenario as a file" onClick={() => saveFile(sessionStore.getState())}>
        <Save aria-hidden="true" />
      </IconButton>
    </span>
  )
}

const themeIcons = { system: <Monitor />, light: <Sun />, dark: <Moon /> }

function ThemeButton() {
  const theme = useTheme()
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system'
  return (
    <IconButton label={`Theme: ${theme}. Change to ${next}`} onClick={() => setTheme(next)}>
      <span aria-hidden="true" className={styles.themeIcon}>
        {themeIcons[theme]}
      </span>
    </IconButton>
  )
}
