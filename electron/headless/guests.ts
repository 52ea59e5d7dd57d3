import type { Envelope, Request } from '../../shared/contract/envelope.ts'
import { AppError, toErrorView } from '../../shared/contract/errors.ts'

/** Who came in: a browser with a session of its own, or a program with the token of the private file. */
export type Guest = 'window' | 'program'

/** The yes of a user to one order, and what lets more orders go. */
const FOR_USERS: ReadonlySet<string> = new Set(['orders.place', 'orders.approve', 'orders.settle', 'orders.setLimits'])

/**
 * What a program is answered that says a yes in place of the user, who is asked for it in a window; null for everything else. A program
 * asks for orders (`orders.request`), and cancels, stops and looks as it likes.
 */
export function refusalTo(guest: Guest, { route, input }: Request): Envelope<never> | null {
  if (guest === 'window' || !(FOR_USERS.has(route) || isMoreThanOff(route, input))) return null
  return { ok: false, error: toErrorView(new AppError('order/for-users')) }
}

/** Off alone only lowers what can be lost. What programs may do, said with it, would stand ready for the next switching on. */
function isMoreThanOff(route: string, input: unknown): boolean {
  if (route !== 'orders.setTrading') return false
  return Reflect.get(Object(input), 'on') !== false || Reflect.get(Object(input), 'automation') !== undefined
}
