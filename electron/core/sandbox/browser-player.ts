import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { fillConsentForm } from './consent-form.ts'

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
  const form = page.status === 200 ? fillConsentForm(page.body, options.decision ?? 'approve') : undefined
  if (!form) throw new Error(`the consent page answered ${page.status} and no form`)
  const action = new URL(form.action, options.authorizeUrl)
  const fields = new URLSearchParams(form.fields).toString()
  if (form.method === 'GET') action.search = fields
  const answer = await visit(action.href, options, form.method === 'GET' ? undefined : fields)
  if (answer.status < 300 || answer.status >= 400) throw new Error(`the consent form answered ${answer.status}`)
  return follow(action.href, answer, options)
}

/**
 * Plays the user's browser for a broker whose code is carried over by hand: opens the page, agrees, and answers the code it
 * shows. Refuses every address that is not on this machine.
 */
export async function approveVerifier(options: Pick<ApproveOptions, 'authorizeUrl' | 'signal'>): Promise<string> {
  const page = await visit(options.authorizeUrl, options)
  const form = page.status === 200 ? fillConsentForm(page.body, 'approve') : undefined
  if (!form) throw new Error(`the consent page answered ${page.status} and no form`)
  const answer = await visit(new URL(form.action, options.authorizeUrl).href, options, new URLSearchParams(form.fields).toString())
  const code = /<output id="verifier">([A-Za-z0-9]+)<\/output>/.exec(answer.body)?.[1]
  if (code === undefined) throw new Error(`the consent form answered ${answer.status} and no code`)
  return code
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
