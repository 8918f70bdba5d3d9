/** Another trade, the same words: flight, hotel and car. Proves that the engine knows no payment and no stock. */
import type { ScenarioInput } from '../scenario/schema.ts'

type ServiceInput = ScenarioInput['services'][string]

/** A provider with so many free places; `book` takes one, `cancel` gives back what this trip holds. */
function provider(free: number): ServiceInput {
  return {
    tables: {
      places: { columns: ['day', 'free'], key: 'day', rows: [{ day: 'friday', free }] },
      bookings: { columns: ['trip', 'day', 'status'] },
    },
  }
}

function operations(name: string, full: string): NonNullable<ServiceInput['operations']> {
  return {
    [`book ${name}`]: {
      do: [
        { update: 'places', where: { day: 'day' }, require: 'free > 0', otherwise: full, change: 'free -= 1' },
        { insert: 'bookings', row: { trip: 'trip', day: 'day', status: "'BOOKED'" } },
      ],
    },
    [`cancel ${name}`]: {
      do: [
        { read: 'bookings', where: { trip: 'trip', status: "'BOOKED'" }, as: 'held' },
        {
          if: 'held != null',
          do: [
            { update: 'bookings', where: { trip: 'trip', status: "'BOOKED'" }, change: "status = 'CANCELLED'" },
            { update: 'places', where: { day: 'day' }, change: 'free += 1' },
          ],
        },
      ],
    },
  }
}

const step = (name: string) => ({
  name,
  service: name,
  operation: `book ${name}`,
  compensation: `cancel ${name}`,
})

const booked = (service: string) => `${service}.bookings.filter(b, b.status == 'BOOKED').size()`

export const trip: ScenarioInput = {
  sagascope: 1,
  id: 'trip',
  title: 'Flight, hotel, car',
  chapter: 'Another trade',
  text: 'A trip needs a flight, a hotel and a car, or none of them. The same engine, other names: three providers, each with its own disk. In variant "no car" the hotel and the flight are given back.',
  services: {
    agency: {
      tables: { trips: { columns: ['id', 'state'], key: 'id' } },
      operations: {
        open: { do: [{ insert: 'trips', row: { id: 'trip', state: "'OPEN'" } }] },
        confirm: { do: [{ update: 'trips', where: { id: 'trip' }, change: "state = 'CONFIRMED'" }] },
        giveUp: { do: [{ update: 'trips', where: { id: 'trip' }, change: "state = 'CANCELLED'" }] },
      },
    },
    flight: { ...provider(3), operations: operations('flight', 'NO_SEAT') },
    hotel: { ...provider(2), operations: operations('hotel', 'NO_ROOM') },
    car: { ...provider(1), operations: operations('car', 'NO_CAR') },
  },
  sagas: {
    trip: {
      orchestrator: 'agency',
      start: 'BookTrip',
      id: 'trip',
      register: 'before',
      steps: [
        { name: 'open', service: 'agency', operation: 'open', compensation: 'giveUp' },
        step('flight'),
        step('hotel'),
        { name: 'car', service: 'car', operation: 'book car', kind: 'pivot' },
        { name: 'confirm', service: 'agency', operation: 'confirm', kind: 'retriable' },
      ],
    },
  },
  workload: { requests: [{ to: 'agency', message: 'BookTrip', payload: { trip: 't1', day: 'friday' } }] },
  observables: {
    flights: booked('flight'),
    hotels: booked('hotel'),
    cars: booked('car'),
    trip: 'agency.trips["t1"].state',
    saga: 'saga("t1").status',
  },
  properties: {
    'ALL-OR-NONE': {
      when: 'eventually',
      check: `[${booked('flight')}, ${booked('hotel')}, ${booked('car')}].distinct().size() == 1`,
      broken: 'Half a trip: some of flight, hotel and car are booked and some are not.',
    },
    PLACES: {
      when: 'always',
      check: `flight.places.map(p, p.free).sum() + ${booked('flight')} == 3 && hotel.places.map(p, p.free).sum() + ${booked('hotel')} == 2 && car.places.map(p, p.free).sum() + ${booked('car')} == 1`,
      broken: 'Places do not add up: free and booked no longer make what there was.',
    },
    LIVE: { when: 'eventually', check: 'sagas.all(s, s.ended)', broken: 'Stuck: the trip saga never ended.' },
  },
  expect: { flights: 1, hotels: 1, cars: 1, trip: 'CONFIRMED', saga: 'Completed' },
  variants: {
    'no car': {
      title: 'no car left',
      patch: {
        services: { car: { tables: { places: { rows: [{ day: 'friday', free: 0 }] } } } },
        properties: { PLACES: null },
      },
      expect: { flights: 0, hotels: 0, cars: 0, trip: 'CANCELLED', saga: 'Compensated' },
    },
    'cancelled twice': {
      title: 'no car, a cancellation delivered twice',
      patch: {
        services: { car: { tables: { places: { rows: [{ day: 'friday', free: 0 }] } } } },
        properties: { PLACES: null },
        faults: [{ kind: 'duplicate', message: 'cancel hotel' }],
      },
      expect: { flights: 0, hotels: 0, cars: 0, trip: 'CANCELLED', saga: 'Compensated' },
    },
  },
}
