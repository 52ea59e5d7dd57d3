import { constants } from 'node:os'
import { isErrorCode } from '../../../shared/contract/errors.ts'
import { isRouteName } from '../../../shared/contract/routes.ts'
import { BROKER_IDS, ENVIRONMENTS, METHODS } from '../../../shared/domain/broker.ts'
import { HEALTH_KINDS } from '../../../shared/domain/connection-health.ts'
import { RUN_KINDS, RUN_OUTCOMES } from '../../../shared/domain/metric-run.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { LogRecord } from '../ports.ts'
import type { LogField } from './redact.ts'

/** Words that name nobody: what Keelson, the system and the libraries call things. */
const WORDS: ReadonlySet<string> = new Set([
  ...BROKER_IDS,
  ...ENVIRONMENTS,
  ...METHODS,
  ...HEALTH_KINDS,
  ...RUN_KINDS,
  ...RUN_OUTCOMES,
  ...Object.keys(constants.errno),
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ETIMEOUT',
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'AggregateError',
  'AppError',
  'AbortError',
  'TimeoutError',
  'ZodError',
  'SqliteError',
  'SocketError',
  'ConnectTimeoutError',
  'HeadersTimeoutError',
  'BodyTimeoutError',
  'HTTPParserError',
  'ResponseBodyError',
  'Alpaca',
  'Schwab',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'desktop',
  'headless',
  'test',
  'connected',
  'needs-sign-in',
  'waiting',
  'finishing',
  'open',
  'locked',
  'keyring',
  'passphrase',
  'os',
  'memory',
  'expired',
  'revoked',
  'lost',
  'vault-locked',
  'memory-only',
  'undefined',
  'string',
  'number',
  'object',
  'unknown',
])
/** What happened, by the part of Keelson it happened in. */
const EVENT =
  /^(?:app-keys|backup|broker|connection|core|edition|event|health|http|imports?|keyring|lock|mail|metrics|network|notices?|page|request|revocations?|sandbox|schedule|session|shell|sign-in|storage|sync|tokens|tws|vault|window|writer)\.[a-z]+(?:-[a-z]+){0,4}$/
/** Names of fields are written in the source and never come from outside. */
const FIELD_NAME = /^[a-z][A-Za-z-]{0,30}$/
const ID = /^(?:con|acc|flw|imp)_[0-9a-f]{8}(?:[0-9a-f-]{16,28})$/
/** A place in Keelson's own files, without where they are installed. */
const PLACE =
  /\b((?:electron\/(?:core|headless|node|shell)|shared)(?:\/[a-z0-9-]+){1,4}\.ts|out\/(?:main|headless)(?:\/[A-Za-z-]+){1,3}\.js):(\d{1,5}):\d{1,4}\b/g
const TOKEN = /[A-Za-z][A-Za-z_-]*(?:\/[a-z]+(?:-[a-z]+)*)?/g
const LIBRARY_CODE = /^(?:(?:UND_)?ERR_[A-Z]+(?:_[A-Z]+)*|SQLITE_[A-Z]+(?:_[A-Z]+)*)$/
const VERSION = /^\d{1,3}\.\d{1,3}\.\d{1,3}$/
const BROKERS: ReadonlySet<string> = new Set(['Alpaca', 'Charles Schwab', 'E*TRADE', 'Interactive Brokers', 'tastytrade', 'TD Ameritrade'])
const MOST_WORDS = 24
/** The parts of brokers' addresses that are the same for everybody. */
const PATH_PARTS: ReadonlySet<string> = new Set([
  '',
  '…',
  'v1',
  'v2',
  'v3',
  'api',
  'trader',
  'marketdata',
  'market-data',
  'market',
  'data',
  'account',
  'accounts',
  'accountNumbers',
  'list.json',
  'activities',
  'transactions',
  'positions',
  'portfolio',
  'portfolio.json',
  'balance',
  'balance.json',
  'balances',
  'orders',
  'orders.json',
  'order',
  'previewOrder',
  'dry-run',
  'by-type',
  'quotes',
  'quote',
  'customers',
  'me',
  'trading',
  'history',
  'user',
  'userPreference',
  'userprincipals',
  'oauth',
  'oauth2',
  'token',
  'authorize',
  'revoke',
  'access_token',
  'request_token',
  'renew_access_token',
  'revoke_access_token',
  'sessions',
  'iserver',
  'auth',
  'status',
  'ssodh',
  'init',
  'trades',
  'snapshot',
  'secdef',
  'info',
  'search',
  'tickle',
  'trsrv',
  'stocks',
  'sso',
  'validate',
  'GetStatement',
  'SendRequest',
  'FlexWebService',
  'AccountManagement',
  'FlexStatementService.GetStatement',
  'FlexStatementService.SendRequest',
  'options',
  'instruments',
  'option-chains',
  'equities',
  'futures',
  'complex-orders',
  'live',
  'cancel',
  'place',
  'preview',
  'replace',
])
/** Durations, sizes and counts are smaller; what is larger could be the number of an account. */
const LARGEST = 999_999

export type PlainRecord = Pick<LogRecord, 'at' | 'level' | 'event' | 'fields'>

/**
 * A log record that names nobody, whatever its fields hold: event, times and small numbers stay, and of every text only the words of
 * a closed list and places in Keelson's own files. It is for handing on, where one word too much is worse than many too few.
 */
export function plainRecord({ at, level, event, fields }: LogRecord): PlainRecord {
  const named = Object.entries(fields).filter(([name]) => FIELD_NAME.test(name))
  const plain = named.map(([name, value]): [string, LogField] => [name, plainValue(name, value)])
  return { at, level, event: EVENT.test(event) ? event : 'other', fields: Object.fromEntries(plain) }
}

function plainValue(name: string, value: LogField): LogField {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return Math.abs(value) <= LARGEST ? value : '[large number]'
  if (name === 'path') return plainPath(value)
  if ((name === 'route' && isRouteName(value)) || (name === 'version' && VERSION.test(value)) || BROKERS.has(value)) return value
  return plainText(value)
}

/** The known words of a text in their order; its length when it has none. */
export function plainText(value: string): string {
  if (Instant.is(value) || ID.test(value)) return value
  const places = [...value.matchAll(PLACE)].map(([, file = '', line = '']) => `${file}:${line}`)
  const words = (value.replace(PLACE, ' ').match(TOKEN) ?? []).filter(isKnown)
  const found = [...words.slice(0, MOST_WORDS), ...places.slice(0, MOST_WORDS)]
  return found.length > 0 ? found.join(' ') : `[text of ${value.length}]`
}

function isKnown(word: string): boolean {
  return WORDS.has(word) || LIBRARY_CODE.test(word) || isErrorCode(word)
}

function plainPath(path: string): string {
  return path
    .split('/')
    .map(part => (PATH_PARTS.has(part) ? part : '…'))
    .join('/')
}
