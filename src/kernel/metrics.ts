/** What is counted per message type: cheap enough for runs without a trace. */
export const Metric = {
  sent: 0,
  /** Handed to a handler, redeliveries included. */
  delivered: 1,
  dropped: 2,
  duplicated: 3,
  deduplicated: 4,
  refused: 5,
  failed: 6,
  deadLettered: 7,
  /** Replies and responses sent for it. */
  answered: 8,
  /** Replies that nobody waited for. */
  ignored: 9,
  /** Events published, however many subscribe. */
  published: 10,
  /** Events published that nobody subscribes to. */
  unheard: 11,
} as const
export type MetricCode = (typeof Metric)[keyof typeof Metric]
export type MetricName = keyof typeof Metric
export const METRIC_COUNT = 12
