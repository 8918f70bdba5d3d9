// npm run schema: writes what is made from the scenario language's schema. A test fails when either file is stale.

import { readFileSync, writeFileSync } from 'node:fs'
import { Kind } from '../src/trace/kinds.ts'
import { fieldTables, withKinds, withTables } from './field-tables.ts'
import { DOCUMENT, SCHEMA_FILE } from './generated-files.ts'
import { withRules } from './rule-tables.ts'
import { scenarioJsonSchema } from './scenario-json-schema.ts'

const schema = await scenarioJsonSchema()
writeFileSync(SCHEMA_FILE, `${JSON.stringify(schema, null, 2)}\n`)
const document = withTables(readFileSync(DOCUMENT, 'utf8'), fieldTables(schema))
writeFileSync(DOCUMENT, withRules(withKinds(document, Object.keys(Kind))))
console.log('Written: public/scenario.schema.json and the tables of docs/scenario-language.md')
