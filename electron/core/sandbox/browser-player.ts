import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

export interface ApproveOptions {
  readonly authorizeUrl: string
  /** The public certificate of an https loopback listener; nothing else is trusted for it. */
  readonly certificatePem?: string | null
  readonly signal: AbortSignal
  /** What the simulated user clicks; approve by default. */
  readonly decision?: 'approve' | 'deny'
}

/** What the simulated browser ended on. */
export interface ApproveResult {
  readonly status: number
  readonly body: string
  /** The redirected address, as it would stand in the address bar. */
  readonly url: string
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Plays the user's browser for a simulated broker: opens the consent page, submits its form with everything ticked, and
 * follows the redirect to the app's loopback listener. Refuses every address that is not on this machine.
 */
export async function approveConsent(options: ApproveOptions): Promise<ApproveResult> {
  const page = await visit(options.authorizeUrl, options)
  if (page.status >= 300 && page.status < 400) return follow(options.authorizeUrl, page, options)
  const form = page.status === 200 ? readForm(page.body) : undefined
  if (!form) throw new Error(`the consent page answered ${page.status} and no form`)
  form.fields.push(['decision', options.decision ?? 'approve'])
  const action = new URL(form.action, options.authorizeUrl).href
  const answer = await visit(action, options, new URLSearchParams(form.fields).toString())
  if (answer.status < 300 || answer.status >= 400) throw new Error(`the consent form answered ${answer.status}`)
  return follow(action, answer, options)
}

interface Visit {
  readonly status: number
  readonly body: string
  readonly location: string | undefined
}

async function follow(from: string, answer: Visit, options: ApproveOptions): Promise<ApproveResult> {
  if (answer.location === undefined) throw new Error('a redirect without an address')
  const url = new URL(answer.location, from).href
  const { status, body } = await visit(url, options)
  return { status, body, url }
}

async function visit(address: string, { certificatePem, signal }: ApproveOptions, form?: string): Promise<Visit> {
  const url = new URL(address)
  if (!LOOPBACK.includes(url.hostname)) throw new Error('the simulated browser visits this machine only')
  const headers =
    form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(form)) }
  const options = { method: form === undefined ? 'GET' : 'POST', headers, signal, agent: false } as const
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...(certificatePem ? { ca: certificatePem } : {}) }, resolve)
        : httpRequest(url, options, resolve)
    request.on('error', reject)
    request.end(form)
  })
  return { status: response.statusCode ?? 0, body: await text(response), location: response.headers.location }
}

/** The first form of a page: its address, its hidden fields and its ticked boxes. */
function readForm(html: string): { action: string; fields: [string, string][] } | undefined {
  const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(html)
  if (!form) return undefined
  const fields: [string, string][] = []
  for (const [, tag = ''] of (form[2] ?? '').matchAll(/<input\b([^>]*)>/gi)) {
    const type = attribute(tag, 'type') ?? 'text'
    const box = type === 'checkbox' || type === 'radio'
    const name = attribute(tag, 'name')
    if (name !== undefined && (!box || /\bchecked\b/i.test(tag))) fields.push([name, attribute(tag, 'value') ?? (box ? 'on' : '')])
  }
  return { action: attribute(form[1] ?? '', 'action') ?? '', fields }
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`, 'i').exec(tag)?.[1]?.replaceAll('&amp;', '&')
}
