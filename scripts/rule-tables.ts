/** The tables of the named rules, for the document of the language. */
import { busRules, keyRules, type Rule, sagaRules } from '../src/scenario/rules.ts'

const tables: Record<string, Record<string, Rule>> = { key: keyRules, saga: sagaRules, bus: busRules }
const MARKED = /(<!-- rules (\w+) -->\n)[\s\S]*?(<!-- end of rules -->)/g

/** The document with every list of rules between its markers replaced by the list of now. */
export function withRules(document: string): string {
  return document.replace(MARKED, (_all, begin: string, kind: string, end: string) => {
    const rules = tables[kind]
    if (rules === undefined) throw new Error(`the document has rules for "${kind}", the language has none`)
    return `${begin}\n| rule | stands for | source |\n|---|---|---|\n${Object.entries(rules).map(row).join('\n')}\n\n${end}`
  })
}

function row([name, { fields, step, source }]: [string, Rule]): string {
  const ofSteps = step === undefined ? '' : `; each step: ${settings(step)}`
  return `| \`${name}\` | ${settings(fields)}${ofSteps} | ${source} |`
}

function settings(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([field, value]) => `\`${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}\``)
    .join(', ')
}
