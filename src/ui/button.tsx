import type { ComponentPropsWithRef, ReactNode } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'

type Tone = 'plain' | 'primary' | 'quiet' | 'danger'
type Size = 'm' | 's'

interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** plain has a border, primary is the one main action of a view, quiet shows itself on hover, danger destroys. */
  tone?: Tone
  size?: Size
  icon?: ReactNode
}

export function Button({ tone = 'plain', size = 'm', icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classNames(styles.button, styles[tone], styles[size], className)} {...rest}>
      {icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'aria-label'> {
  /** Says what it does: the accessible name and the tooltip. */
  label: string
  children: ReactNode
}

export function IconButton({ label, tone = 'quiet', size = 'm', className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={classNames(styles.button, styles.icon, styles[tone], styles[size], className)}
      {...rest}
    >
      {children}
    </button>
  )
}
