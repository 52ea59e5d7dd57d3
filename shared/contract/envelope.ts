import { z } from 'zod'
import { type ErrorView, isErrorCode } from './errors.ts'

/** A request as it crosses a process. `id` pairs it with its reply; a later `cancel` with the same id stops it. */
export const RequestSchema = z.strictObject({
  id: z.string().min(1).max(64),
  route: z.string().min(1).max(64),
  input: z.unknown(),
})
export type Request = z.infer<typeof RequestSchema>

export type Envelope<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: ErrorView }

export const ErrorViewSchema = z.object({
  code: z.string().refine(isErrorCode),
  message: z.string(),
  action: z.string(),
  retryAfterMs: z.number().optional(),
  brokerSays: z.string().optional(),
})

/** What a client may send over a socket: a request, or the wish to stop one. */
export const ClientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('request'), request: RequestSchema }),
  z.strictObject({ type: z.literal('cancel'), id: z.string().min(1).max(64) }),
])
export type ClientMessage = z.infer<typeof ClientMessageSchema>
