import { CircleAlert } from 'lucide-react'
import { type ComponentPropsWithRef, type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'
import styles from './field.module.css'

/** What a control inside a field has to carry so that label, hint and problem are read with it. */
export interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  /** A sentence; the field then counts as wrong. */
  problem?: string | undefined
  className?: string | undefined
  children: (control: ControlProps) => ReactNode
}

export function Field({ label, hint, problem, className, children }: FieldProps) {
  const id = useId()
  const described = [problem !== undefined && `${id}-problem`, hint !== undefined && `${id}-hint`].filter(Boolean)
  const control: ControlProps = {
    id,
    'aria-describedby': described.length === 0 ? undefined : described.join(' '),
    'aria-invalid': problem === undefined ? undefined : true,
  }
  return (
    <div className={classNames(styles.field, className)}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {children(control)}
      {problem !== undefined && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          <CircleAlert aria-hidden="true" />
          {problem}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}

export interface Choice<T extends string> {
  value: T
  label: string
}

interface SelectProps<T extends string> {
  label: ReactNode
  hint?: ReactNode
  choices: readonly Choice<T>[]
  value: T
  onChange: (value: T) => void
  className?: string
}

export function Select<T extends string>({ label, hint, choices, value, onChange, className }: SelectProps<T>) {
  return (
    <Field label={label} hint={hint} className={className}>
      {(control) => (
        <select
          {...control}
          className={styles.control}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value as T)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

interface SwitchProps extends Omit<ComponentPropsWithRef<'button'>, 'onChange' | 'children'> {
  label: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  /** The label is only read out. */
  labelHidden?: boolean
}

export function Switch({ label, checked, onChange, labelHidden = false, className, ...rest }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      className={classNames(styles.switch, className)}
      onClick={() => onChange(!checked)}
      {...rest}
    >
      <span className={styles.track} aria-hidden="true" />
      <span className={labelHidden ? 'sr-only' : undefined}>{label}</span>
    </button>
  )
}
