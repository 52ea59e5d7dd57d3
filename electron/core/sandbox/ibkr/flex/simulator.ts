import { Instant, LocalDate, EXCHANGE_ZONE, toLocalDate } from '../../../../../shared/domain/time.ts'
import { epochDay } from '../../calendar.ts'
import { SANDBOX_FLEX } from '../../client-keys.ts'
import { hash32 } from '../../dice.ts'
import type { Ask, Reply } from '../../exchange.ts'
import type { Knobs } from '../../knobs.ts'
import type { Simulator } from '../../simulator.ts'
import type { IbkrBook } from '../book.ts'
import { dateStyle } from './dates.ts'
import { eurosOf, withEuros } from './euros.ts'
import { flexAccepted, flexError, flexReply } from './errors.ts'
import { LEVELS, flexStatement } from './statement.ts'
import type { Level } from './statement.ts'

/** The query for trade confirmations of the same account, beside the activity query. */
export const FLEX_CONFIRMS_QUERY = '654322'

/**
 * The settings of the Flex stand. `error` is a code SendRequest answers with, `get-error` one GetStatement answers with.
 * `in-progress` is how many times a statement is still being made (1). `levels` is a list of levels of detail, or `all`.
 * `date-format`, `time-format` and `separator` write dates as a user may have chosen. `breakout` makes a statement of each day.
 * `url` is what the answer names for the second step. `body` is `html`, `text` or `truncated`. `override-clash` refuses fd and td. `euros` is an amount
 * of that currency in the first account.
 */
export const FLEX_KNOBS =
  'error get-error in-progress levels date-format time-format separator breakout url body override-clash euros'.split(' ')

const PATH = '/AccountManagement/FlexWebService/'
const YEAR = 365
const MAINTENANCE = '<html><head><title>System maintenance</title></head><body><h1>The system is down for maintenance.</h1></body></html>'
const HTML = { 'content-type': 'text/html' } as const

interface Waiting {
  readonly query: Query
  readonly from: LocalDate
  readonly to: LocalDate
  left: number
}

interface Query {
  readonly type: 'AF' | 'TCF'
  readonly name: string
  readonly day: string
  readonly time: string
}

const QUERIES: Readonly<Record<string, Query>> = {
  [SANDBOX_FLEX.queryId]: { type: 'AF', name: 'Sandbox activity', day: 'yyyyMMdd', time: 'HHmmss' },
  [FLEX_CONFIRMS_QUERY]: { type: 'TCF', name: 'Sandbox confirmations', day: 'yyyy-MM-dd', time: 'HH:mm:ss zone' },
}

/** The Flex Web Service, version 3: a report is asked for, made, and fetched. */
export function createFlex(book: IbkrBook, knobs: Knobs): Simulator {
  const waiting = new Map<string, Waiting>()
  let token: 'good' | 'expired' | 'invalid' = 'good'
  const nowMs = () => Instant.toEpochMs(book.now())
  const refused = (ask: Ask): Reply | undefined => {
    if ((ask.headers['user-agent'] ?? '') === '') return { status: 403, headers: HTML, body: '<html><body>Forbidden</body></html>' }
    if (ask.method !== 'GET' || ask.query.get('v') !== '3') return flexError(1020, nowMs())
    if (ask.query.get('t') !== SANDBOX_FLEX.token || token === 'invalid') return flexError(1015, nowMs())
    return token === 'expired' ? flexError(1012, nowMs()) : undefined
  }
  const send = (ask: Ask): Reply => {
    const error = knobs.get('error')
    if (error !== null) return flexError(Number(error), nowMs())
    const query = QUERIES[ask.query.get('q') ?? '']
    if (!query) return flexError(1014, nowMs())
    if (knobs.get('override-clash') !== null && ask.query.has('fd')) return flexError(1003, nowMs())
    const range = rangeOf(query, ask.query, toLocalDate(book.now(), EXCHANGE_ZONE))
    if (typeof range === 'number') return flexError(range, nowMs())
    const reference = String(1_000_000_000 + (hash32(book.seed, 'flex', waiting.size, ask.query.toString()) % 1_000_000_000))
    waiting.set(reference, { query, ...range, left: Number(knobs.get('in-progress') ?? 1) })
    const url = knobs.get('url') ?? `http://${ask.headers.host ?? ''}${PATH}GetStatement`
    return flexAccepted(reference, url, nowMs())
  }
  const get = (ask: Ask): Reply => {
    const error = knobs.get('get-error')
    if (error !== null) return flexError(Number(error), nowMs())
    const asked = waiting.get(ask.query.get('q') ?? '')
    if (!asked) return flexError(1017, nowMs())
    if (asked.left > 0) {
      asked.left -= 1
      return flexError(1019, nowMs())
    }
    return spoiledBody(statementOf(book, knobs, asked, nowMs()), knobs.get('body'))
  }
  return {
    grants: {
      expireAccess: () => {
        token = 'expired'
      },
      revokeAll: () => {
        token = 'invalid'
      },
      setRotation: () => undefined,
    },
    isAuth: () => false,
    handle(ask) {
      if (ask.path !== `${PATH}SendRequest` && ask.path !== `${PATH}GetStatement`)
        return { status: 404, headers: HTML, body: '<html>Not found</html>' }
      return refused(ask) ?? (ask.path.endsWith('SendRequest') ? send(ask) : get(ask))
    },
    unauthorized: () => flexError(1015, nowMs()),
    broken: status => ({ status, headers: HTML, body: MAINTENANCE }),
    tooMany: () => flexError(1018, nowMs()),
    concerns: () => false,
    headers: () => ({}),
    addFill: () => book.addFill(),
    correct: execId => book.correct(execId),
    // An activity statement is made overnight.
    statements() {
      const stated = book.statements(LocalDate.plusDays(toLocalDate(book.now(), EXCHANGE_ZONE), -1))
      return book.places().flatMap((place, index) => {
        const own = stated[index]
        return own ? [withEuros(own, eurosOf(knobs, place))] : []
      })
    },
    doubled: body => body.replace(/<Trade [^>]*\/>\n/, found => found + found),
  }
}

function statementOf(book: IbkrBook, knobs: Knobs, { query, from, to }: Waiting, generatedAt: number): string {
  const wanted = knobs.get('levels') ?? 'EXECUTION'
  const levels = new Set<Level>(LEVELS.filter(level => wanted === 'all' || wanted.split(',').includes(level)))
  return flexStatement(book, {
    type: query.type,
    queryName: query.name,
    period: query.type === 'AF' ? 'Last365CalendarDays' : '',
    from,
    to,
    levels,
    byDay: knobs.get('breakout') !== null,
    dates: dateStyle(knobs, query),
    eurosOf: place => eurosOf(knobs, place),
    generatedAt,
  })
}

/** The days of a request, or the code that refuses them. Activity ends yesterday, as it is made overnight; confirmations hold today. */
function rangeOf(query: Query, asked: URLSearchParams, today: LocalDate): { from: LocalDate; to: LocalDate } | number {
  const last = query.type === 'AF' ? LocalDate.plusDays(today, -1) : today
  const own = { from: query.type === 'AF' ? LocalDate.plusDays(last, 1 - YEAR) : today, to: last }
  const [fd, td] = [asked.get('fd'), asked.get('td')]
  if (fd === null && td === null) return own
  const from = dayFrom(fd)
  const to = dayFrom(td)
  if (!from || !to) return 1020
  const end = to > last ? last : to
  if (epochDay(to) - epochDay(from) > YEAR) return 1020
  const oldest = Number(today.slice(0, 4)) - 4
  return from > end || Number(from.slice(0, 4)) < oldest ? 1003 : { from, to: end }
}

function dayFrom(text: string | null): LocalDate | undefined {
  const day = text === null || !/^\d{8}$/.test(text) ? '' : `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
  return LocalDate.is(day) ? day : undefined
}

function spoiledBody(xml: string, body: string | null): Reply {
  if (body === 'html') return { status: 200, headers: HTML, body: MAINTENANCE }
  if (body === 'text') return flexReply('Service is not available')
  return flexReply(body === 'truncated' ? xml.slice(0, Math.floor(xml.length * 0.7)) : xml)
}
