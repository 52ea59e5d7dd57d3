import type { z } from 'zod'

/**
 * One entry of the contract between a host and its user interface: a name, what goes in, what comes out.
 * A query changes nothing; a command may. Inputs are parsed by the router, outputs by the client.
 */
export interface Route<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'query' | 'command'
  readonly input: I
  readonly output: O
}

export function defineRoute<I extends z.ZodType, O extends z.ZodType>(route: Route<I, O>): Route<I, O> {
  return route
}
