/**
 * Expressions: CEL, parsed by a library and compiled here into closures over safe integers. Nothing a visitor writes
 * is ever run as code: a closure is built from the parts of the language named below and from nothing else.
 * What differs from CEL: whole numbers are safe integers (|n| < 2^53) and division of two of them truncates; a missing
 * row or field is null; `table["key"]` looks up a primary key; `sum`, `min` and `max` exist.
 */
import { parse } from '@marcbachmann/cel-js'
import { type Env, type Evaluate, EvaluationError, visibleRows } from '../kernel/evaluation.ts'
import { rowByKey } from '../kernel/reads.ts'
import type { Value } from '../trace/trace-format.ts'
import { ExpressionError } from './expression-error.ts'
import { binaryOperators, callFunction, exactDivision, isTrue, methods, negate } from './expression-operators.ts'
import { closest, nearest } from './nearest.ts'

/** What is known of a value before anything runs. */
export type Shape =
  | { readonly is: 'any' }
  | { readonly is: 'table'; readonly table: number }
  | { readonly is: 'row'; readonly table: number }
  | { readonly is: 'rows'; readonly table: number }
  /** Something with named parts that are worked out when they are asked for. */
  | { readonly is: 'item'; readonly parts: Parts }
  | { readonly is: 'items'; readonly parts: Parts }

export type Parts = Readonly<Record<string, (env: Env, item: unknown) => unknown>>

export interface Compiled {
  readonly shape: Shape
  readonly get: Evaluate
}

/** The names an expression may use. */
export interface Names {
  find(name: string): Compiled | null
  /** `service.table`, `bus.sent`: a member of a name that is no value by itself. */
  member?(name: string, member: string): Compiled | null
  call?(name: string, args: readonly Compiled[]): Compiled | null
  /** For suggestions. */
  known(): readonly string[]
  /** What else a name could have been, for a name that is like none of the known ones. */
  readonly hint?: string
  readonly columns: (table: number) => readonly string[]
  /** Index of the primary key column, −1 for none. */
  readonly key: (table: number) => number
}

interface Node {
  readonly op: string
  readonly args: unknown
}

const any: Shape = { is: 'any' }
const SHOWN_MAX = 80
const MACROS = new Set(['filter', 'map', 'exists', 'all', 'exists_one'])

export function compileExpression(text: string, names: Names): Compiled {
  let ast: Node
  try {
    ast = parse(text).ast as unknown as Node
  } catch (error) {
    const shown = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
    throw new ExpressionError(`cannot read "${shown}": ${firstLine((error as Error).message)}`)
  }
  return new Compiler(names).compile(ast)
}

class Compiler {
  private readonly names: Names
  private readonly variables: { name: string; slot: number; shape: Shape }[] = []

  constructor(names: Names) {
    this.names = names
  }

  compile(node: Node): Compiled {
    const args = node.args as never
    switch (node.op) {
      case 'value':
        if (typeof args === 'object' && args !== null) {
          throw new ExpressionError('a constant is a number, a text, true, false or null')
        }
        return constant(args)
      case 'id':
        return this.identifier(args)
      case '.':
        return this.member(...(args as [Node, string]))
      case '[]':
        return this.index(...(args as [Node, Node]))
      case 'call':
        return this.call(...(args as [string, Node[]]))
      case 'rcall':
        return this.method(...(args as [string, Node, Node[]]))
      case 'list':
        return this.list(args)
      case '?:':
        return this.conditional(...(args as [Node, Node, Node]))
      case '&&':
      case '||':
        return this.logical(node.op, ...(args as [Node, Node]))
      case '!_': {
        const inner = this.compile(args).get
        return value((env) => !isTrue(inner(env)))
      }
      case '-_': {
        const inner = this.compile(args).get
        return value((env) => negate(inner(env)))
      }
      default:
        return this.binary(node.op, ...(args as [Node, Node]))
    }
  }

  private identifier(name: string): Compiled {
    for (let i = this.variables.length - 1; i >= 0; i--) {
      const variable = this.variables[i] as Compiler['variables'][number]
      if (variable.name !== name) continue
      const { slot } = variable
      return { shape: variable.shape, get: (env) => env.locals[slot] }
    }
    const found = this.names.find(name)
    if (found !== null) return found
    const known = this.names.known()
    const hint = this.names.hint === undefined || closest(name, known) !== null ? '' : `; ${this.names.hint}`
    throw new ExpressionError(`unknown name "${name}"${nearest(name, known)}${hint}`)
  }

  private member(owner: Node, name: string): Compiled {
    if (owner.op === 'id') {
      const ownerName = owner.args as string
      const shadowed = this.variables.some((variable) => variable.name === ownerName)
      const found = shadowed ? null : (this.names.member?.(ownerName, name) ?? null)
      if (found !== null) return found
    }
    const object = this.compile(owner)
    const get = object.get
    if (object.shape.is === 'row') {
      const column = this.column(object.shape.table, name)
      return value((env) => {
        const cells = get(env) as readonly Value[] | null
        return cells === null ? null : cells[column]
      })
    }
    if (object.shape.is === 'item') {
      const { parts } = object.shape
      const part = parts[name]
      if (part === undefined)
        throw new ExpressionError(`there is no "${name}" here${nearest(name, Object.keys(parts))}`)
      return value((env) => {
        const item = get(env)
        return item === null ? null : part(env, item)
      })
    }
    if (object.shape.is !== 'any') throw new ExpressionError(`a table has no field "${name}"; pick a row first`)
    return value((env) => field(get(env), name))
  }

  private column(table: number, name: string): number {
    const columns = this.names.columns(table)
    const column = columns.indexOf(name)
    if (column < 0) throw new ExpressionError(`no column "${name}"${nearest(name, columns)}`)
    return column
  }

  private index(owner: Node, at: Node): Compiled {
    const list = this.compile(owner)
    const index = this.compile(at).get
    const get = list.get
    if (list.shape.is === 'table') {
      const { table } = list.shape
      const key = this.names.key(table)
      if (key < 0) throw new ExpressionError('this table has no primary key to look up; use filter')
      return {
        shape: { is: 'row', table },
        get: (env) => rowByKey(env, table, key, index(env)),
      }
    }
    return { shape: elementOf(list.shape), get: (env) => element(get(env), index(env)) }
  }

  private call(name: string, argNodes: Node[]): Compiled {
    if (name === 'has') return this.has(argNodes)
    const args = argNodes.map((node) => this.compile(node))
    const own = this.names.call?.(name, args) ?? null
    if (own !== null) return own
    const lists = args.map((arg) => this.materialised(arg))
    return value(callFunction(name, lists))
  }

  private has(args: Node[]): Compiled {
    const inner = args[0]
    if (inner === undefined) throw new ExpressionError('has(…) needs a field')
    const get = this.compile(inner).get
    return value((env) => {
      const found = get(env)
      return found !== null && found !== undefined
    })
  }

  private method(name: string, owner: Node, argNodes: Node[]): Compiled {
    if (MACROS.has(name)) return this.macro(name, owner, argNodes)
    const object = this.compile(owner)
    const get = this.materialised(object)
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (method === undefined) {
      throw new ExpressionError(`unknown function "${name}"${nearest(name, [...Object.keys(methods), ...MACROS])}`)
    }
    const args = argNodes.map((node) => this.materialised(this.compile(node)))
    const shape = name === 'first' || name === 'last' ? elementOf(object.shape) : any
    return {
      shape,
      get: (env) =>
        method(
          get(env),
          args.map((arg) => arg(env)),
        ),
    }
  }

  private macro(name: string, owner: Node, args: Node[]): Compiled {
    const list = this.compile(owner)
    const variable = args[0]
    const body = args[args.length - 1]
    if (variable?.op !== 'id' || body === undefined || args.length < 2) {
      throw new ExpressionError(`${name} is written list.${name}(x, expression over x)`)
    }
    const items = this.materialised(list)
    const shape = elementOf(list.shape)
    const slot = LOCALS_OF_MACROS + this.variables.length
    this.variables.push({ name: variable.args as string, slot, shape })
    const inner = this.compile(body)
    this.variables.pop()
    const run = macros[name as keyof typeof macros]
    return {
      shape: name === 'filter' ? listOf(shape) : any,
      get: (env) =>
        run(asList(items(env)), (item) => {
          env.locals[slot] = item
          return inner.get(env)
        }),
    }
  }

  private list(nodes: Node[]): Compiled {
    const items = nodes.map((node) => this.compile(node).get)
    return value((env) => items.map((item) => item(env)))
  }

  private conditional(condition: Node, yes: Node, no: Node): Compiled {
    const test = this.compile(condition).get
    const whenTrue = this.compile(yes)
    const whenFalse = this.compile(no)
    return { shape: whenTrue.shape, get: (env) => (isTrue(test(env)) ? whenTrue.get(env) : whenFalse.get(env)) }
  }

  private logical(op: '&&' | '||', left: Node, right: Node): Compiled {
    const a = this.compile(left).get
    const b = this.compile(right).get
    return op === '&&'
      ? value((env) => isTrue(a(env)) && isTrue(b(env)))
      : value((env) => isTrue(a(env)) || isTrue(b(env)))
  }

  private binary(op: string, left: Node, right: Node): Compiled {
    // As in CEL, a decimal literal makes the division exact; whole numbers truncate.
    const operator = op === '/' && (isDecimal(left) || isDecimal(right)) ? exactDivision : binaryOperators[op]
    if (operator === undefined) throw new ExpressionError(`"${op}" is not part of the language`)
    const a = this.materialised(this.compile(left))
    const b = this.materialised(this.compile(right))
    return value((env) => operator(a(env), b(env)))
  }

  /** A table used as a list: its rows. */
  private materialised(compiled: Compiled): Evaluate {
    if (compiled.shape.is !== 'table') return compiled.get
    const { table } = compiled.shape
    return (env) => visibleRows(env, table)
  }
}

/** Slots below belong to rows read by statements. */
export const LOCALS_OF_MACROS = 16

const macros = {
  filter: (list: readonly unknown[], test: (item: unknown) => unknown) => list.filter((item) => isTrue(test(item))),
  map: (list: readonly unknown[], make: (item: unknown) => unknown) => list.map(make),
  exists: (list: readonly unknown[], test: (item: unknown) => unknown) => list.some((item) => isTrue(test(item))),
  all: (list: readonly unknown[], test: (item: unknown) => unknown) => list.every((item) => isTrue(test(item))),
  exists_one: (list: readonly unknown[], test: (item: unknown) => unknown) =>
    list.filter((item) => isTrue(test(item))).length === 1,
}

/** What one element of a list is. */
function elementOf(list: Shape): Shape {
  if (list.is === 'table' || list.is === 'rows') return { is: 'row', table: list.table }
  return list.is === 'items' ? { is: 'item', parts: list.parts } : any
}

function listOf(element: Shape): Shape {
  if (element.is === 'row') return { is: 'rows', table: element.table }
  return element.is === 'item' ? { is: 'items', parts: element.parts } : any
}

function value(get: Evaluate): Compiled {
  return { shape: any, get }
}

function constant(raw: unknown): Compiled {
  if (typeof raw !== 'bigint') return value(() => raw)
  const number = Number(raw)
  if (!Number.isSafeInteger(number)) throw new ExpressionError(`${raw} is too large: whole numbers stay below 2^53`)
  return value(() => number)
}

function isDecimal(node: Node): boolean {
  return node.op === 'value' && typeof node.args === 'number'
}

function field(object: unknown, name: string): unknown {
  if (object === null || object === undefined) return null
  if (typeof object !== 'object' || !Object.hasOwn(object, name)) return null
  return (object as Record<string, unknown>)[name]
}

function element(list: unknown, index: unknown): unknown {
  if (Array.isArray(list)) return list[index as number] ?? null
  return field(list, String(index))
}

function asList(list: unknown): readonly unknown[] {
  if (Array.isArray(list)) return list
  throw new EvaluationError('filter, map, exists and all work on lists and tables')
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).trim()
}
