import type { MailMessage } from '../ports.ts'
import type { Wanted } from '../store/notices.ts'

type Said = Pick<Wanted, 'title' | 'body' | 'severity'>

const NOTE = 'Keelson sends this from your own machine. It holds no balances, account numbers or links; open Keelson to act on it.'

/** One message for everything that is new: plain text, and the same as HTML. Notices come worst first. */
export function mailOf(notices: readonly Said[]): Pick<MailMessage, 'subject' | 'text' | 'html'> {
  const [first] = notices
  const subject = notices.length === 1 && first ? `Keelson: ${oneLine(first.title)}` : `Keelson: ${notices.length} things need you`
  return {
    subject,
    text: [...notices.map(({ title, body }) => `${oneLine(title)}\n${body}`), NOTE].join('\n\n'),
    html: [
      '<!doctype html><html lang="en"><body style="margin:0;padding:24px;font:14px/1.5 system-ui,sans-serif;color:#1c2024;background:#ffffff">',
      ...notices.map(htmlOf),
      `<p style="margin:24px 0 0;color:#60646c;font-size:12px">${NOTE}</p></body></html>`,
    ].join('\n'),
  }
}

const EDGES: Readonly<Record<Said['severity'], string>> = { good: '#8b8d98', notice: '#8b8d98', warning: '#ab6400', danger: '#ce2c31' }

function htmlOf({ title, body, severity }: Said): string {
  return `<div style="margin:0 0 16px;padding:2px 0 2px 12px;border-left:3px solid ${EDGES[severity]}"><strong>${escaped(oneLine(title))}</strong><br>${escaped(body)}</div>`
}

/** A name of the user's own stands in it, and a line break in a subject would be a header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)
}
