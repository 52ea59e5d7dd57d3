import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Secret } from '../vault/secret.ts'
import { refreshGrant } from './refresh.ts'
import { UNKNOWN_REFUSAL } from './token-failure.ts'
import type { Endpoints } from './token-endpoint.ts'
import type { TokenGrant } from './wire.ts'

/** What a user made for himself on the broker's site: an app's secret and a refresh token for it. The app's id is not asked for. */
export interface PersonalGrant {
  readonly clientSecret: Secret
  readonly refresh: Secret
  readonly now: () => Instant
  readonly signal: AbortSignal
  /** Stops it as long as the token has not left. */
  readonly untilDeparture?: AbortSignal | undefined
}

const REFUSED: ReadonlySet<ErrorCode> = new Set(['auth/sign-in-needed', 'auth/app-misconfigured', 'broker/refused'])
const OVER: ReadonlySet<ErrorCode> = new Set(['auth/sign-in-needed', 'auth/app-misconfigured'])

/**
 * The tokens of a pasted grant, the refresh token always among them. Throws auth/bad-keys when the broker does not take the two,
 * broker/... and net/... for what passes by itself.
 */
export async function tryPersonalGrant(endpoints: Omit<Endpoints, 'client'>, grant: PersonalGrant): Promise<TokenGrant> {
  // Whatever words a refusal has: what was just pasted is not taken.
  const tokens = await present(endpoints, grant, ({ code, cause }) =>
    REFUSED.has(code) || cause === UNKNOWN_REFUSAL ? 'auth/bad-keys' : code,
  )
  return { ...tokens, refresh: tokens.refresh ?? grant.refresh }
}

/**
 * The same for a saved grant. A secret that is refused was made anew on the broker's site, which ends its grants: that is
 * auth/sign-in-needed, since no setting mends it.
 */
export function renewPersonalGrant(endpoints: Omit<Endpoints, 'client'>, grant: PersonalGrant): Promise<TokenGrant> {
  return present(endpoints, grant, ({ code }) => (OVER.has(code) ? 'auth/sign-in-needed' : code))
}

async function present(
  endpoints: Omit<Endpoints, 'client'>,
  { clientSecret, refresh, ...options }: PersonalGrant,
  meaning: (error: AppError) => ErrorCode,
): Promise<TokenGrant> {
  try {
    return await refreshGrant({ ...endpoints, client: { id: '', secret: clientSecret } }, { refresh, ...options })
  } catch (error) {
    if (!(error instanceof AppError) || meaning(error) === error.code) throw error
    throw new AppError(meaning(error), { details: error.details, cause: error, brokerSays: error.brokerSays })
  }
}
