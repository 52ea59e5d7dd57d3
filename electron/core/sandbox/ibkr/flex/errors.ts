import type { Reply } from '../../exchange.ts'
import { eastern } from '../eastern.ts'
import { escapeXml } from './xml.ts'

/** The documented errors of the Flex Web Service; 1002 is not one of them. */
export const FLEX_ERRORS: Readonly<Record<number, string>> = {
  1001: 'Statement could not be generated at this time. Please try again shortly.',
  1003: 'Statement is not available.',
  1004: 'Statement is incomplete at this time. Please try again shortly.',
  1005: 'Settlement data is not ready at this time. Please try again shortly.',
  1006: 'FIFO P/L data is not ready at this time. Please try again shortly.',
  1007: 'MTM P/L data is not ready at this time. Please try again shortly.',
  1008: 'MTM and FIFO P/L data is not ready at this time. Please try again shortly.',
  1009: 'The server is under heavy load. Statement could not be generated at this time. Please try again shortly.',
  1010: 'Legacy Flex Queries are no longer supported. Please convert over to Activity Flex.',
  1011: 'Service account is inactive.',
  1012: 'Token has expired.',
  1013: 'IP restriction.',
  1014: 'Query is invalid.',
  1015: 'Token is invalid.',
  1016: 'Account in invalid.',
  1017: 'Reference code is invalid.',
  1018: 'Too many requests have been made from this token. Please try again shortly.',
  1019: 'Statement generation in progress. Please try again shortly.',
  1020: 'Invalid request or unable to validate request.',
  1021: 'Statement could not be retrieved at this time. Please try again shortly.',
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** An answer of the service in its own XML; errors too come with status 200. */
export function flexReply(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'text/xml;charset=UTF-8', 'cache-control': 'no-store' }, body }
}

export function flexError(code: number, nowMs: number, text = FLEX_ERRORS[code] ?? 'Unknown error.'): Reply {
  const status = code === 1018 || code === 1019 || code === 1009 ? 'Warn' : 'Fail'
  const content = `<Status>${status}</Status>\n<ErrorCode>${code}</ErrorCode>\n<ErrorMessage>${escapeXml(text)}</ErrorMessage>\n`
  return flexReply(`<FlexStatementResponse timestamp='${stamp(nowMs)}'>\n${content}</FlexStatementResponse>\n`)
}

export function flexAccepted(reference: string, url: string, nowMs: number): Reply {
  const content = `<Status>Success</Status>\n<ReferenceCode>${reference}</ReferenceCode>\n<Url>${escapeXml(url)}</Url>\n`
  return flexReply(`<FlexStatementResponse timestamp='${stamp(nowMs)}'>\n${content}</FlexStatementResponse>\n`)
}

/** `28 August, 2012 10:37 AM EDT` */
function stamp(ms: number): string {
  const { day, clock, zone } = eastern(ms)
  const [year = '', month = '1', date = ''] = day.split('-')
  const hour = Number(clock.slice(0, 2))
  const half = String(hour % 12 === 0 ? 12 : hour % 12).padStart(2, '0')
  return `${date} ${MONTHS[Number(month) - 1] ?? ''}, ${year} ${half}:${clock.slice(3, 5)} ${hour < 12 ? 'AM' : 'PM'} ${zone}`
}
