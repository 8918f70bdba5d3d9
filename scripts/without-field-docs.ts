/** What a field of the scenario language means is for its documentation: the page and its engine need not load it. */
import { parseAst } from 'vite'

const HELPERS = new Set(['required', 'optional', 'withDefault'])

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** The code of a schema with the last argument of every `required`, `optional` and `withDefault` an empty text. */
export function withoutDescriptions(code: string): string {
  const texts: Node[] = []
  visit(parseAst(code) as unknown as Node, (node) => {
    const callee = node.callee as { readonly name?: string } | undefined
    if (node.type !== 'CallExpression' || !HELPERS.has(callee?.name ?? '')) return
    const last = (node.arguments as Node[]).at(-1)
    if (last?.type === 'Literal' && typeof last.value === 'string') texts.push(last)
  })
  let left = code
  for (const { start, end } of texts.sort((a, b) => b.start - a.start))
    left = `${left.slice(0, start)}''${left.slice(end)}`
  return left
}

function visit(node: Node, look: (node: Node) => void): void {
  look(node)
  for (const value of Object.values(node)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'object' && one !== null && typeof one.type === 'string') visit(one, look)
    }
  }
}

/** For builds only: after the types are gone, so that any parser reads what is left. */
export function withoutFieldDocs() {
  return {
    name: 'without-field-docs',
    apply: 'build' as const,
    enforce: 'post' as const,
    transform(code: string, id: string) {
      return /\/src\/scenario\/schema[^/]*\.ts$/.test(id) ? { code: withoutDescriptions(code), map: null } : null
    },
  }
}
