import { type Sign, signs } from './signs.ts'

/** A sign centred on 0, 0. */
export function SignPath({ sign, className }: { sign: Sign; className?: string | undefined }) {
  return <path d={signs[sign]} className={className} fill="none" strokeLinecap="round" strokeLinejoin="round" />
}
