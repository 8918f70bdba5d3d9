import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
export const SCHEMA_FILE = join(ROOT, 'public/scenario.schema.json')
export const DOCUMENT = join(ROOT, 'docs/scenario-language.md')
