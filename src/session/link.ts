import type { Session } from './session-types.ts'
export async function linkTo(_session: Session, address: string): Promise<string> {
  return address
}
