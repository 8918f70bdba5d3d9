import { Component, type ReactNode } from 'react'

interface ErrorBoundaryProps {
  /** What stands in the place of children that threw; `retry` puts them back. */
  fallback: (error: Error, retry: () => void) => ReactNode
  children: ReactNode
}

/** Never a blank page: what throws while drawing is replaced, and everything around it stays. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === null ? this.props.children : this.props.fallback(error, () => this.setState({ error: null }))
  }
}
