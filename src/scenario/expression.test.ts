// What an expression says, seen through observables over a small disk.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import { problemLine } from '../base/result.ts'
import { EvaluationError } from '../kernel/evaluation.ts'
import type { Value } from '../trace/trace-format.ts'
import { compile, readScenario } from './compile.ts'
import type { ScenarioInput } from './schema.ts'

const shop: ScenarioInput = {
  sagascope: 1,
  id: 'shop',
  title: 'Shop',
  services: {
    shop: {
      tables: {
        goods: {
          columns: ['name', 'price', 'sold', 'note'],
          key: 'name',
          rows: [
            { name: 'pen', price: 3, sold: true, note: null },
            { name: 'ink', price: 10, sold: false, note: 'blue' },
            { name: 'pad', price: 7, sold: true },
          ],
        },
        empty: { columns: ['x'] },
      },
      operations: { sell: { do: [{ update: 'goods', where: { name: 'what' }, change: 'sold = true' }] } },
    },
  },
  workload: { requests: [{ to: 'shop', message: 'sell', atMs: 100, payload: { what: 'ink', tags: 'a' } }] },
}

function evaluate(text: string): Value {
  return runScenario({ ...shop, observables: { it: text } }).observables.it as Value
}

function problem(text: string): string {
  const read = readScenario({ ...shop, observables: { it: text } })
  const result = read.ok ? compile(read.value) : read
  return result.ok ? '' : result.problems.map(problemLine).join('\n')
}

describe('arithmetic', () => {
  it.each<[string, Value]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['7 / 2', 3],
    ['-7 / 2', -3],
    ['7.5 / 2', 3.75],
    ['7 % 3', 1],
    ['-7 % 3', -1],
    ['-(3 - 5)', 2],
    ['0.1 + 0.2 > 0.3', true],
    ['9007199254740991 - 1', 9007199254740990],
    ['"a" + "b"', 'ab'],
    ['[1] + [2, 3]', [1, 2, 3]],
    ['abs(-3)', 3],
    ['int("42") + 1', 43],
    ['int(3.9)', 3],
    ['string(12) + "x"', '12x'],
    ['min(3, 2)', 2],
    ['max(3, 2)', 3],
  ])('%s is %j', (text, value) => {
    expect(evaluate(text)).toEqual(value)
  })
})

describe('comparison and logic', () => {
  it.each<[string, Value]>([
    ['3 == 3.0', true],
    ['"3" == 3', false],
    ['null == null', true],
    ['[1, [2]] == [1, [2]]', true],
    ['"abc" < "abd"', true],
    ['2 in [1, 2]', true],
    ['"x" in ["y"]', false],
    ['!(1 > 2) && 2 >= 2', true],
    ['false || 3 != 4', true],
    ['1 > 2 ? "yes" : "no"', 'no'],
    // What comes after a decided condition is not looked at.
    ['false && 1 / 0 == 1', false],
    ['true || 1 / 0 == 1', true],
  ])('%s is %j', (text, value) => {
    expect(evaluate(text)).toEqual(value)
  })
})

describe('tables', () => {
  it.each<[string, Value]>([
    ['shop.goods.size()', 3],
    ['size(shop.goods)', 3],
    ['shop.empty.size()', 0],
    ['shop.goods["ink"].price', 10],
    ['shop.goods["nothing"].price', null],
    ['shop.goods["pad"].note', null],
    ['has(shop.goods["ink"].note)', true],
    ['has(shop.goods["pen"].note)', false],
    ['shop.goods["pen"]', { name: 'pen', price: 3, sold: true, note: null }],
    ['shop.goods.map(g, g.price)', [3, 10, 7]],
    ['shop.goods.map(g, g.price).sum()', 20],
    ['shop.goods.map(g, g.price).max()', 10],
    ['shop.goods.map(g, g.price).min()', 3],
    ['shop.empty.map(e, e.x).sum()', 0],
    ['shop.empty.map(e, e.x).max()', null],
    ['shop.goods.filter(g, g.price > 5).map(g, g.name)', ['ink', 'pad']],
    [
      'shop.goods.filter(g, g.price > 5)',
      [
        { name: 'ink', price: 10, sold: true, note: 'blue' },
        { name: 'pad', price: 7, sold: true, note: null },
      ],
    ],
    ['shop.goods.exists(g, g.name == "pen")', true],
    ['shop.goods.all(g, g.sold)', true],
    ['shop.goods.exists_one(g, g.price == 7)', true],
    ['shop.goods.first().name', 'pen'],
    ['shop.goods.last().name', 'pad'],
    ['shop.empty.first()', null],
    ['shop.goods.filter(g, g.price > 99).first().name', null],
    ['shop.goods.map(g, g.sold).distinct()', [true]],
    ['shop.goods.map(g, g.name).join("+")', 'pen+ink+pad'],
    ['shop.goods.map(g, g.name)[1]', 'ink'],
    ['shop.goods.map(g, shop.goods.filter(h, h.price < g.price).size())', [0, 2, 1]],
  ])('%s is %j', (text, value) => {
    expect(evaluate(text)).toEqual(value)
  })
})

describe('texts', () => {
  it.each<[string, Value]>([
    ['"charge".contains("arg")', true],
    ['"charge".startsWith("ch")', true],
    ['"charge".endsWith("x")', false],
    ['"charge".size()', 6],
    ['"größe 🎉".size()', 7],
    ['["a", "b"].contains("b")', true],
    ['\'single\' + "double"', 'singledouble'],
  ])('%s is %j', (text, value) => {
    expect(evaluate(text)).toEqual(value)
  })
})

describe('what happened', () => {
  it.each<[string, Value]>([
    ['now', 105],
    ['sent("sell")', 1],
    ['deliveries("sell")', 1],
    ['replies("sell")', 1],
    ['dropped("sell") + duplicated("sell") + deduplicated("sell") + refused("sell") + failed("sell") + dlq("sell")', 0],
    ['bus.sent', 2],
    ['clients.first().answer', 'ok'],
    ['clients.map(c, c.attempts)', [1]],
    ['sagas.size()', 0],
    ['saga("nobody").status', null],
    ['entries.filter(e, e.kind == "committed").size()', 1],
    ['entries.filter(e, e.kind == "committed").first().service', 'shop'],
    ['entries.filter(e, e.kind == "committed").first().ms', 105],
  ])('%s is %j', (text, value) => {
    expect(evaluate(text)).toEqual(value)
  })
})

describe('a property', () => {
  it.each([
    ['eventually', '1', 'properties.P.check: a condition must be true or false, not 1'],
    ['always', 'shop.goods["pen"].price', 'properties.P.check: a condition must be true or false, not'],
    ['eventually', 'null < 1', 'properties.P.check: cannot compare null < 1'],
  ] as const)('looked at %s with the check %s says %s', (when, check, message) => {
    expect(() => runScenario({ ...shop, properties: { P: { when, check } } })).toThrow(message)
  })
})

describe('what an expression cannot be', () => {
  it.each([
    ['1 +', 'cannot read "1 +"'],
    ['price', 'unknown name "price"'],
    ['shop', '"shop" is a service; name one of its tables: shop.goods, shop.empty'],
    ['shop.goods.name', 'a table has no field "name"; pick a row first'],
    ['shop.empty[1]', 'this table has no primary key to look up; use filter'],
    ['shop.goods["pen"].colour', 'no column "colour"; there is name, price, sold, note'],
    ['shop.goods.filter(g)', 'filter is written list.filter(x, expression over x)'],
    ['shop.goods.frobnicate()', 'unknown function "frobnicate"'],
    ['frobnicate(1)', 'unknown function "frobnicate"'],
    ['sent(now)', 'sent(…) takes the name of a message'],
    ['saga()', 'saga(…) takes the id of an instance'],
    ['7u', 'a constant is a number, a text, true, false or null'],
  ])('%s: %s', (text, message) => {
    expect(problem(text)).toContain(`observables.it: ${message}`)
  })

  it.each([
    ['1 + "a"', 'cannot add 1 and a'],
    ['shop.goods["nothing"].price + 1', 'cannot add null and 1'],
    ['1 / 0', 'division by zero'],
    ['1 % 0', 'division by zero'],
    ['1 < "a"', 'cannot compare 1 < a'],
    ['1 && true', 'a condition must be true or false, not 1'],
    ['9007199254740991 + 1', 'a number left the safe range'],
    ['"abc".map(c, c)', 'filter, map, exists and all work on lists and tables'],
    ['1 in 2', '"in" looks into a list'],
    ['size(1)', 'size works on lists and texts, not on 1'],
    ['int("abc")', 'int makes no whole number of abc'],
    ['[1, 2].peak(0)', 'peak needs a width above 0, not 0'],
  ])('%s says %s when it meets the values', (text, message) => {
    expect(() => evaluate(text)).toThrow(EvaluationError)
    expect(() => evaluate(text)).toThrow(`observables.it: ${message}`)
  })
})

describe('inside an operation', () => {
  const withStatement = (statement: object): ScenarioInput => ({
    ...shop,
    services: { shop: { ...shop.services.shop, operations: { sell: { do: [statement] as never } } } },
    observables: { ink: 'shop.goods["ink"]', answer: 'clients.first().answer' },
  })

  it('a column comes before a field of the message of the same name', () => {
    const scenario = withStatement({
      update: 'goods',
      where: 'name == what',
      change: ['note = "row " + row.note', 'sold = price > 5'],
    })
    expect(runScenario(scenario).observables.ink).toEqual({ name: 'ink', price: 10, sold: true, note: 'row blue' })
  })

  it('`request` is the whole message', () => {
    const scenario = withStatement({ update: 'goods', where: { name: 'request.what' }, change: 'note = request.tags' })
    expect(runScenario(scenario).observables.ink).toMatchObject({ note: 'a' })
  })

  it('an error of the values is a transient error of the handling, and nothing is half done', () => {
    const scenario = withStatement({ update: 'goods', change: 'price = price + name' })
    const { observables } = runScenario(scenario)
    expect(observables).toMatchObject({ ink: { price: 10 }, answer: 'error cannot add 3 and pen' })
  })
})
