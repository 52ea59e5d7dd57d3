import type { AppError } from '../../../shared/contract/errors.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import type { Credentials } from '../net/credentials.ts'
import type { MethodSettings } from '../store/connection-methods.ts'

/** One way in of a connection, saved or only tried, before the desk gives it addresses and a client. */
export interface WayIn {
  readonly method: Method
  /** It is being tried and not saved yet. */
  readonly tried?: boolean
  readonly credentials: Credentials
  readonly settings: MethodSettings
  secret(field: string): string
  remember(name: string, value: string): void
  report(failure: AppError | null): void
}

/** The credentials of a way in whose adapter proves itself by other means: nothing is added to its calls. */
export const NO_CREDENTIALS: Credentials = {
  authorize: () => Promise.resolve({ headers: {}, generation: 0, renewable: false }),
  renew: () => Promise.resolve(null),
}

/** A way in that is being tried: nothing it learns is kept by itself. `found` collects what it wants remembered. */
export function triedWayIn(
  method: Method,
  credentials: Credentials,
  form: { readonly settings: MethodSettings; readonly secrets: Readonly<Record<string, string>> } = { settings: {}, secrets: {} },
): WayIn & { readonly found: MethodSettings } {
  const found: Record<string, string> = {}
  return {
    method,
    tried: true,
    credentials,
    settings: form.settings,
    found,
    secret: field => form.secrets[field] ?? '',
    remember(name, value) {
      found[name] = value
    },
    report: () => undefined,
  }
}
