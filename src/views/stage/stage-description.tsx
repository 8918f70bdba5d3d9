import { describe, timeText } from '../../trace/describe.ts'
import { type StillMoment, useStillMoment } from './use-still-moment.ts'

/** The stage in words, at the playhead: what happened last, what is on its way, who is down. */
export function StageDescription({ id }: { id: string }) {
  const moment = useStillMoment()
  return (
    <p id={id} className="sr-only">
      {stageText(moment)}
    </p>
  )
}

export function stageText({ trace, world, playhead }: StillMoment): string {
  if (trace === null || world === null) return 'No run yet.'
  const last = playhead === 0 ? 'Before the first entry' : describe(trace, trace.entry(playhead - 1))
  const at = playhead === 0 ? 0 : trace.timeAt(playhead - 1)
  const flying = [...world.flights.values()].filter((flight) => flight !== 'lost').length
  const down = trace.header.services.filter((_, i) => world.services[i]?.up === false).map((service) => service.title)
  const parts = [
    `${timeText(at)}: ${last}`,
    flying === 0 ? 'No message is on its way' : `${flying} ${flying === 1 ? 'message is' : 'messages are'} on the way`,
    ...(down.length > 0 ? [`Down: ${down.join(', ')}`] : []),
  ]
  return `${parts.join('. ')}.`
}
