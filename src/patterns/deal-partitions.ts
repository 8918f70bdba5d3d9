/** Which member of a consumer group gets which partition. */
import { NONE } from '../trace/trace-format.ts'

/** In ranges: with 4 partitions and 3 members 0 1, 2, 3. Nobody (−1) when there is no member. */
export function dealRanges(members: readonly number[], partitions: number): number[] {
  const each = Math.floor(partitions / members.length)
  const larger = partitions % members.length
  const owners = members.flatMap((member, i) => new Array<number>(each + (i < larger ? 1 : 0)).fill(member))
  return members.length === 0 ? new Array<number>(partitions).fill(NONE) : owners
}

/** So that as few as possible change hands: everyone keeps what it has, up to a fair share. */
export function dealSticky(members: readonly number[], owners: readonly number[]): number[] {
  if (members.length === 0) return owners.map(() => NONE)
  const counts = new Map(members.map((member) => [member, 0]))
  const share = Math.floor(owners.length / members.length)
  let larger = owners.length % members.length
  const dealt = owners.map((owner) => {
    const count = counts.get(owner)
    if (count === undefined || count > share || (count === share && larger === 0)) return NONE
    if (count === share) larger--
    counts.set(owner, count + 1)
    return owner
  })
  return dealt.map((owner) => (owner === NONE ? giveToLeast(members, counts) : owner))
}

function giveToLeast(members: readonly number[], counts: Map<number, number>): number {
  let least = members[0] as number
  for (const member of members) if ((counts.get(member) ?? 0) < (counts.get(least) ?? 0)) least = member
  counts.set(least, (counts.get(least) ?? 0) + 1)
  return least
}
