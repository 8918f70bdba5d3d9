/** Clocks that are wrong: what an order by time is worth. */
import type { ScenarioInput } from '../scenario/schema.ts'

type Service = ScenarioInput['services'][string]

/** Somebody who edits, far from the store, and writes the time by an own clock. */
const editor = (operation: string): Service => ({
  operations: { [operation]: { do: [{ send: 'write', to: 'store', with: { at: 'now' } }] } },
})

const store = (statement: NonNullable<NonNullable<Service['operations']>[string]['do']>[number]): Service => ({
  tables: {
    profiles: {
      columns: ['id', 'name', 'writtenAt', 'version'],
      key: 'id',
      rows: [{ id: 'p1', name: 'Eve', writtenAt: 0, version: 0 }],
    },
  },
  operations: { write: { do: [statement] } },
})

const where = { id: "'p1'" }
const lastWriteWins = store({
  update: 'profiles',
  where,
  require: 'at >= writtenAt',
  change: ['name = newName', 'writtenAt = at', 'version += 1'],
})
const versioned = store({
  update: 'profiles',
  where,
  require: 'version == seen',
  otherwise: 'CONFLICT',
  change: ['name = newName', 'writtenAt = at', 'version += 1'],
})

export const skewedClock: ScenarioInput = {
  sagascope: 1,
  id: 'skewed-clock',
  title: 'The last write wins, by whose clock?',
  case: 'B15',
  chapter: 'Time',
  text: 'East renames the customer to Ada; two seconds later West renames her to Grace. The store keeps the write with the later time, and the clock of East is five seconds ahead. Watch the second write arrive, and change nothing.',
  bus: { order: 'none' },
  services: { east: editor('rename'), west: editor('correct'), store: lastWriteWins },
  workload: {
    requests: [
      { to: 'east', message: 'rename', payload: { newName: 'Ada', seen: 0 } },
      { to: 'west', message: 'correct', atMs: 2000, payload: { newName: 'Grace', seen: 1 } },
    ],
  },
  faults: [{ kind: 'skew', service: 'east', offsetMs: 5000 }],
  observables: {
    name: 'store.profiles["p1"].name',
    writtenAt: 'store.profiles["p1"].writtenAt',
    writes: 'store.profiles["p1"].version',
    refused: 'refused("write")',
  },
  properties: {
    NEWEST: {
      when: 'eventually',
      check: 'store.profiles["p1"].name == \'Grace\'',
      title: 'The newer write stays',
      broken: 'Lost: the write that was made later is gone, and nobody was told.',
    },
  },
  expect: { name: 'Ada', writtenAt: 5005, writes: 1, refused: 0 },
  breaks: ['NEWEST'],
  variants: {
    A: { title: 'last write wins, East 5 s ahead', breaks: ['NEWEST'] },
    B: {
      title: 'last write wins, right clocks',
      text: 'Nothing protects anybody here: it works as long as the clocks agree better than the writes are apart.',
      patch: { faults: [] },
      expect: { name: 'Grace', writtenAt: 2005, writes: 2 },
    },
    C: {
      title: 'a version instead of a time',
      text: 'Each write says which version it has seen. The clock is as wrong as before, and no longer matters: a version is the only order that is safe.',
      patch: { services: { store: versioned } },
      expect: { name: 'Grace', writtenAt: 2005, writes: 2 },
    },
    D: {
      title: 'a clock that gains',
      text: 'Nothing is wrong at first. The clock of East gains a tenth of a second in every second; after fifty seconds it is five seconds ahead.',
      patch: {
        faults: [{ kind: 'skew', service: 'east', driftPpm: 100_000 }],
        workload: {
          requests: [
            { to: 'east', message: 'rename', atMs: 50_000, payload: { newName: 'Ada', seen: 0 } },
            { to: 'west', message: 'correct', atMs: 52_000, payload: { newName: 'Grace', seen: 1 } },
          ],
        },
      },
      expect: { name: 'Ada', writtenAt: 55_005.5, writes: 1 },
      breaks: ['NEWEST'],
    },
    E: {
      title: 'a version, and two who have seen the same',
      text: 'Now both have seen version 0. The second is refused, and can look again; with times one of the two would have vanished in silence.',
      patch: {
        services: { store: versioned },
        workload: {
          requests: [
            { to: 'west', message: 'correct', payload: { newName: 'Grace', seen: 0 } },
            { to: 'east', message: 'rename', atMs: 2000, payload: { newName: 'Ada', seen: 0 } },
          ],
        },
      },
      expect: { name: 'Grace', writtenAt: 5, writes: 1, refused: 1 },
    },
  },
}
