import { z } from 'zod'
import type { Instant } from '../../../shared/domain/time.ts'
import { Secret } from '../vault/secret.ts'

/** What a token endpoint granted. `refresh` is null when it sent none; `expiresInMs` is null when it named no usable life. */
export interface TokenGrant {
  readonly access: Secret
  /** What signs with the access token (OAuth 1.0a). */
  readonly accessSecret?: Secret
  readonly refresh: Secret | null
  readonly expiresInMs: number | null
  readonly scopes: readonly string[]
  readonly receivedAt: Instant
}

const tokenText = z.string().regex(/^[\x21-\x7e]{1,16384}$/)

const TokenWire = z.object({
  access_token: tokenText,
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .nullish(),
  refresh_token: tokenText.nullish().or(z.literal('')),
  expires_in: z.unknown().optional(),
  scope: z.unknown().optional(),
})

const MAX_LIFE_S = 10 * 365 * 86_400

/**
 * Reads the answer of a token endpoint; null when it is not one. It runs synchronously, because a rotated token must be on disk
 * in the tick it arrives in, and it ignores an `id_token`: Schwab's is not an OpenID one.
 */
export function readGrant(body: string, receivedAt: Instant): TokenGrant | null {
  const parsed = TokenWire.safeParse(readJson(body))
  if (!parsed.success) return null
  const { access_token: access, refresh_token: refresh, expires_in: life, scope } = parsed.data
  return {
    access: Secret.of(access),
    refresh: refresh ? Secret.of(refresh) : null,
    expiresInMs: readLifeMs(life),
    scopes: typeof scope === 'string' ? scope.split(/[\s,]+/).filter(word => word !== '') : [],
    receivedAt,
  }
}

/** Seconds as a number or as text. Zero, negative, absurd and unreadable lives count as unknown, never as a reason to ask again and again. */
function readLifeMs(life: unknown): number | null {
  const seconds = typeof life === 'string' && /^\s*\d{1,12}(?:\.\d{1,9})?\s*$/.test(life) ? Number(life) : life
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return null
  return Math.round(Math.min(seconds, MAX_LIFE_S) * 1000)
}

const ErrorWire = z.object({ error: z.string() })

/** The OAuth error word of a refusal (RFC 6749 section 5.2); null when there is none. */
export function readOAuthError(body: string): string | null {
  const parsed = ErrorWire.safeParse(readJson(body))
  return parsed.success ? parsed.data.error : null
}

const MessageWire = z.object({
  message: z.string().optional(),
  error_description: z.string().optional(),
  error: z.object({ message: z.string() }).optional().catch(undefined),
})

/** The sentence of a refusal, in the words brokers put it under; empty when there is none. */
export function readRefusalText(body: string): string {
  const parsed = MessageWire.safeParse(readJson(body))
  return parsed.success ? (parsed.data.message ?? parsed.data.error_description ?? parsed.data.error?.message ?? '') : ''
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
