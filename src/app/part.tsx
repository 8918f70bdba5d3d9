import { type ReactNode, Suspense } from 'react'
import { ErrorBoundary } from './error-boundary.tsx'
import { PartTrouble } from './trouble.tsx'

/** One part of the page: may arrive later than the rest, and may fail without taking the rest along. */
export function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <ErrorBoundary fallback={(error, retry) => <PartTrouble name={name} error={error} retry={retry} />}>
      <Suspense>{children}</Suspense>
    </ErrorBoundary>
  )
}
