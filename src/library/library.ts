/** Complete stories, as data: scenario, lesson text, expected outcome. Listed in the order of the lesson. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { deadLetters, herd, lateReplay, poison, visibility } from './broker.ts'
import { brokerTransaction } from './broker-transaction.ts'
import { crashPoints, partition } from './bus.ts'
import { byEvents, circle, compensatedByEvents, silentStall, twoFailures } from './choreography.ts'
import { skewedClock } from './clocks.ts'
import { consumerGroup, rebalancing } from './consumer-group.ts'
import { byValue, fencingToken, quotedPrice } from './countermeasures.ts'
import { scaledApart } from './cqrs-load.ts'
import { byNature, inboxWhere, notInOrder } from './dedup-limits.ts'
import { localStore, storeAtScale } from './dedup-store.ts'
import { amplification, dualWrite, relayCrash } from './dual-write.ts'
import { deafService, eventTwice } from './event-duplicates.ts'
import { appendThenPublish, snapshots, upcasting } from './event-forms.ts'
import { eventSourcedOrder } from './event-sourced-order.ts'
import { appendAgain, expectedVersion, rebuiltState, temporalQuery } from './event-store.ts'
import { correction, foldAsksTheWorld, twoStreams } from './event-truth.ts'
import { groupRetry } from './group-order.ts'
import { lostResponse } from './idempotency.ts'
import { freshKeys, otherPayload, retryAfterWindow, storedErrors } from './idempotency-contract.ts'
import { forgottenHistory, sideEffect } from './idempotency-effects.ts'
import { lessonKey, lessonState, lessonUnique } from './idempotency-lesson.ts'
import { checkThenAct, sameKeyTwice } from './idempotency-race.ts'
import { recoveryPoints } from './idempotency-recovery.ts'
import { beforeImage, createAndCancel, dirtyRead, lastItem, multiplied } from './isolation.ts'
import { expiredLock, skewedLease, zombie } from './leases.ts'
import { doubleClick, nextDayBatch, proxyRetries, queueUnderLoad, sagaCrowd } from './load.ts'
import { lockDeadlock } from './locks.ts'
import { opening } from './openings.ts'
import { firstStory } from './order-world.ts'
import { outboxOrder } from './outbox-order.ts'
import { backlog, circuitBreaker } from './overload.ts'
import { outOfOrder, poisonEvent, twoInstances } from './projection-policies.ts'
import { checkpoint, joinBeforeParent, readYourWrites, rebuildTwice, sequenceGap, staleCheck } from './projections.ts'
import { safeConfiguration } from './safe-configuration.ts'
import {
  compensationOrder,
  crashCompensating,
  duplicateReply,
  duplicateStart,
  failedCompensation,
  outage,
  parallelSteps,
  repeatedCompensation,
  wrongPivot,
} from './saga-compensation.ts'
import { afterPivot, orchestratorCrash, pivotUnknown } from './saga-endurance.ts'
import { lateSuccess, lostReply, noMoney, outOfStock, overtaking } from './saga-recovery.ts'
import { trip } from './trip.ts'
import { behindTheLocks, blockedByDoubt, twoPhaseCommit } from './two-phase.ts'
import { cannotBeUndone, owedSince, startedAgain } from './whose-rule.ts'

const stories: readonly ScenarioInput[] = [
  firstStory,
  outOfStock,
  noMoney,
  compensationOrder,
  lostReply,
  overtaking,
  lateSuccess,
  orchestratorCrash,
  crashCompensating,
  repeatedCompensation,
  failedCompensation,
  wrongPivot,
  afterPivot,
  outage,
  parallelSteps,
  duplicateStart,
  duplicateReply,
  pivotUnknown,
  owedSince,
  cannotBeUndone,
  startedAgain,
  safeConfiguration,
  createAndCancel,
  dirtyRead,
  lastItem,
  lockDeadlock,
  beforeImage,
  multiplied,
  quotedPrice,
  fencingToken,
  byValue,
  twoPhaseCommit,
  behindTheLocks,
  blockedByDoubt,
  byEvents,
  compensatedByEvents,
  silentStall,
  circle,
  twoFailures,
  eventTwice,
  deafService,
  rebuiltState,
  temporalQuery,
  expectedVersion,
  appendAgain,
  snapshots,
  upcasting,
  correction,
  foldAsksTheWorld,
  twoStreams,
  appendThenPublish,
  eventSourcedOrder,
  readYourWrites,
  checkpoint,
  joinBeforeParent,
  rebuildTwice,
  sequenceGap,
  staleCheck,
  outOfOrder,
  twoInstances,
  poisonEvent,
  lessonKey,
  lessonUnique,
  lessonState,
  lostResponse,
  sameKeyTwice,
  checkThenAct,
  otherPayload,
  retryAfterWindow,
  freshKeys,
  storedErrors,
  recoveryPoints,
  sideEffect,
  forgottenHistory,
  notInOrder,
  inboxWhere,
  byNature,
  crashPoints,
  dualWrite,
  relayCrash,
  outboxOrder,
  partition,
  visibility,
  poison,
  groupRetry,
  deadLetters,
  lateReplay,
  amplification,
  herd,
  circuitBreaker,
  backlog,
  skewedClock,
  queueUnderLoad,
  scaledApart,
  storeAtScale,
  localStore,
  proxyRetries,
  doubleClick,
  nextDayBatch,
  sagaCrowd,
  skewedLease,
  expiredLock,
  zombie,
  consumerGroup,
  rebalancing,
  brokerTransaction,
  trip,
]

export const library: readonly ScenarioInput[] = stories.map(opening)
