import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment, Method } from '../../../shared/domain/broker.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import type { Tokens } from '../tokens/tokens.ts'
import { Secret } from '../vault/secret.ts'
import type { BrokerDesk } from './broker-desk.ts'
import type { CarriedTokens, TypedGrant } from './carried-tokens.ts'
import { type ReadForm, readForm } from './form.ts'
import { bearerCredentials, keyCredentials } from './key-credentials.ts'
import { NO_CREDENTIALS, triedWayIn, type WayIn } from './way-in.ts'
import type { SavedForm } from './ways-in.ts'

export interface FormInput {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly method: Method
  readonly values: Readonly<Record<string, string>>
}

/** A form that was read, ready to be tried. */
export interface FormCandidate {
  readonly way: WayIn
  /** What to keep of it once it passed, with what was found out while it was tried. */
  readonly form: () => SavedForm
  /** Saves tokens or keys, inside the transaction that saves the connection. */
  readonly save: (id: ConnectionId) => void
  /** To be called once it is saved. */
  readonly settled: () => void
}

export interface CandidateOptions {
  readonly signal: AbortSignal
  readonly carried: CarriedTokens
}

/** Trades a client secret and refresh token of the user's own for an access token; see oauth/personal-grant.ts. */
export type PersonalGrant = (
  broker: Broker,
  environment: Environment,
  secrets: { readonly clientSecret: Secret; readonly refresh: Secret },
  options: { readonly signal: AbortSignal },
) => Promise<Parameters<Tokens['save']>[1]>

export interface FormCandidatesDeps {
  readonly desk: BrokerDesk
  readonly tokens: Pick<Tokens, 'save' | 'saveKeys'>
  readonly personalGrant: PersonalGrant
  readonly log: Log
  readonly clock: Pick<Clock, 'now'>
}

/** Reads forms into ways in that can be tried. Throws auth/bad-field before anything is sent. */
export function createFormCandidates({ desk, tokens, personalGrant, log, clock }: FormCandidatesDeps) {
  async function withGrant(broker: Broker, environment: Environment, { secrets }: ReadForm, { signal, carried }: CandidateOptions) {
    const clientSecret = Secret.of(secrets['client-secret'] ?? '')
    const typed: TypedGrant = { broker: broker.id, environment, clientSecret, refresh: Secret.of(secrets['refresh-token'] ?? '') }
    const presented = carried.newest(typed)
    const grant = await personalGrant(broker, environment, { clientSecret, refresh: presented }, { signal }).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'auth/bad-keys') carried.drop(typed)
      throw error
    })
    // A broker that hands out no new refresh token leaves the one that was presented in force.
    const refresh = grant.refresh ?? presented
    carried.carry(typed, refresh)
    return {
      credentials: bearerCredentials(grant.access),
      save: (id: ConnectionId) => tokens.save(id, { ...grant, refresh }, { signInBy: null }),
      settled: () => carried.drop(typed),
    }
  }

  function withKeys(broker: Broker, { secrets }: ReadForm) {
    const keyId = Secret.of(secrets['api-key-id'] ?? '')
    const secret = Secret.of(secrets['api-key-secret'] ?? '')
    return {
      credentials: keyCredentials(broker, keyId, secret),
      save: (id: ConnectionId) => tokens.saveKeys(id, keyId, secret),
      settled: () => undefined,
    }
  }

  return async function candidate(
    { broker: id, environment, method, values }: FormInput,
    options: CandidateOptions,
  ): Promise<FormCandidate> {
    const broker = desk.broker(id)
    const info = broker.methods.find(one => one.method === method)
    if (!info || info.fields.length === 0) throw new AppError('auth/method-unavailable', { details: { broker: broker.name } })
    const read = readForm(info.fields, values, clock.now())
    info.check?.(read.values, environment)
    for (const secret of Object.values(read.secrets)) log.guard(secret)
    const known =
      method === 'api-key'
        ? withKeys(broker, read)
        : method === 'personal-grant'
          ? await withGrant(broker, environment, read, options)
          : { credentials: NO_CREDENTIALS, save: () => undefined, settled: () => undefined }
    const way = triedWayIn(method, known.credentials, read)
    // Keys and a refresh token are kept where renewals look for them, and nowhere else.
    const { 'api-key-id': _id, 'api-key-secret': _secret, 'refresh-token': _refresh, ...sealed } = read.secrets
    return {
      way,
      form: () => ({ settings: { ...read.settings, ...way.found }, secrets: sealed, expiresAt: info.expiresAt?.(read.values) ?? null }),
      save: known.save,
      settled: known.settled,
    }
  }
}
