/** Where each pattern keeps its part of a run: its place in `model.patterns`. */
export const CLIENT_PATTERN = 0
export const SAGA_PATTERN = 1
export const OUTBOX_PATTERN = 2
export const LOCK_PATTERN = 3
export const KEY_PATTERN = 4
export const EVENT_STORE_PATTERN = 5
export const TWO_PHASE_PATTERN = 6
export const ARRIVAL_PATTERN = 7
export const STORE_PATTERN = 8
export const PROJECTION_PATTERN = 9
export const LEASE_PATTERN = 10
export const CHOREOGRAPHY_PATTERN = 11
export const EMITTED_PATTERN = 12
export const GROUP_PATTERN = 13
export const BROKER_PATTERN = 14
