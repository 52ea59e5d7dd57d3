import type { BrokerView } from '../../../shared/contract/app.ts'
import type { FlowView } from '../../../shared/contract/connections.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment, Method } from '../../../shared/domain/broker.ts'
import type { FlowId } from '../../../shared/domain/ids.ts'
import { methodIntro } from '../../../shared/domain/method-words.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import { describeFailure, documentOf, RequestFailed, sentenceOf } from '../failure.ts'
import { withForm } from './connect-form.ts'
import { type CommandContext, findConnection } from './context.ts'

export interface ConnectOptions {
  readonly broker: BrokerId
  readonly environment: Environment
  /** The first the broker offers there when left out. */
  readonly method?: Method | undefined
  /** Of a form, what is no secret. */
  readonly fields?: Readonly<Record<string, string>> | undefined
  readonly open: boolean
  readonly paste: boolean
  /** A connection to renew in place. */
  readonly reconnect?: string | undefined
  /** The user agreed beforehand; without it a person at a terminal is asked. */
  readonly yes: boolean
}

/** `keelson connect <broker>`: signs in and ends as soon as the connection stands, before anything is synced. */
export async function connect(context: CommandContext, options: ConnectOptions): Promise<ExitCode> {
  const { terminal, json } = context
  try {
    const { broker, environment, method, fields = {}, reconnect } = options
    const offers = json && method === 'oauth' ? [] : await context.client.request('brokers.list', {}, context.signal)
    const chosen = method ?? firstMethod(offers, broker, environment)
    await agree(context, options, offers, chosen)
    const connectionId =
      chosen === 'oauth'
        ? await inBrowser(context, options)
        : await withForm(context, { broker, environment, method: chosen, fields, reconnect }, offers)
    if (json) terminal.out(JSON.stringify({ event: 'connected', connectionId }))
    else terminal.out(`Connected ${options.broker} ${options.environment}: ${connectionId}`)
    await warn(context)
    return EXIT.ok
  } catch (cause) {
    const failure = describeFailure(cause)
    if (json) terminal.out(JSON.stringify({ event: 'failed', ...documentOf(failure) }))
    else terminal.err(sentenceOf(failure))
    return exitCodeOf(failure.code)
  }
}

/** Says what Keelson may read. A script that runs this command has agreed by running it; a person is asked. */
async function agree(
  { terminal, json }: CommandContext,
  { broker, yes }: ConnectOptions,
  offers: readonly BrokerView[],
  method: Method,
): Promise<void> {
  if (json) return
  const offer = offers.find(({ id }) => id === broker)
  if (offer) terminal.err(describeOffer(offer, method))
  if (yes || !terminal.interactive) return
  if (!/^y(?:es)?$/i.test((await terminal.ask('Connect? [y/N] ')).trim())) throw new AppError('auth/consent-needed')
}

/** What this way in reads, what it needs and what to know. Only what a sign-in from here asks for is said, not what more there is. */
function describeOffer({ name, scopes, note, methods }: BrokerView, method: Method): string {
  const way = methods.find(one => one.method === method)
  const asked = (way?.scopes ?? scopes).filter(({ required }) => required)
  return [
    `What Keelson may do at ${name}${way ? ` (${way.label})` : ''}:`,
    ...asked.map(({ label, detail }) => `  - ${label}: ${detail}`),
    ...(way ? [methodIntro(way)] : []),
    way?.note ?? note,
    ...(way && way.guide !== '' ? [`How to set it up: ${way.guide}`] : []),
  ]
    .filter(line => line !== '')
    .join('\n')
}

/** A sign-in that ends with this command must not look like one that lasts. */
async function warn({ client, terminal, signal }: CommandContext): Promise<void> {
  const { vault } = await client.request('app.status', {}, signal)
  if (vault.notice !== null) terminal.err(vault.notice)
}

function firstMethod(offers: readonly BrokerView[], broker: BrokerId, environment: Environment): Method {
  const offer = offers.find(({ id }) => id === broker)
  const there = offer?.environments.find(({ id }) => id === environment)?.methods ?? []
  const first = offer?.methods.find(({ method }) => there.includes(method))
  if (!first && offer?.closed) throw closedFailure(offers, offer)
  if (!first) throw new AppError('auth/method-unavailable', { details: { broker: offer?.name ?? broker } })
  return first.method
}

/** A broker that is closed says so, and who follows it. */
function closedFailure(offers: readonly BrokerView[], { name, closed }: BrokerView): AppError {
  const successor = offers.find(({ id }) => id === closed?.successor)?.name ?? ''
  return new AppError('auth/broker-closed', { details: { broker: name, successor } })
}

async function inBrowser(context: CommandContext, options: ConnectOptions): Promise<string> {
  const { client, terminal, json, signal } = context
  const { broker, environment, open, paste, reconnect } = options
  const renewed = reconnect === undefined ? {} : { reconnect: (await findConnection(context, reconnect)).id }
  const flow = await client.request('connections.signIn', { broker, environment, consent: true, open, ...renewed }, signal)
  if (json) terminal.out(JSON.stringify({ event: 'authorize', url: flow.authorizeUrl }))
  else terminal.err(`${open ? 'If no browser opens, go to' : 'Open'} ${flow.authorizeUrl}`)
  if (flow.certificateWarning)
    terminal.err('Your browser will warn about the certificate of 127.0.0.1, which Keelson made for this sign-in. Continue there.')

  const over = new AbortController()
  const ended = untilEnded(context, flow.flowId).finally(() => over.abort())
  const pasted = paste || !flow.listening ? pasteAnswer(context, flow, AbortSignal.any([signal, over.signal])) : null
  try {
    return await (pasted ? Promise.race([ended, pasted.then(() => ended)]) : ended)
  } catch (cause) {
    // A refused paste ends the command; the sign-in must not wait for an answer nobody reads.
    if (!over.signal.aborted) await client.request('connections.cancel', { flowId: flow.flowId }, new AbortController().signal)
    await ended.catch(() => undefined)
    throw cause
  }
}

/** Feeds the address, or the code the broker shows, from standard input to the sign-in. Ends when it was taken, or when the sign-in is over. */
async function pasteAnswer({ client, terminal }: CommandContext, flow: FlowView, signal: AbortSignal): Promise<void> {
  const { flowId } = flow
  const byCode = flow.paste === 'code'
  if (!flow.listening && !byCode) terminal.err(portTaken(flow).message)
  for (;;) {
    terminal.err(
      byCode
        ? 'Enter the code the broker shows after the sign-in:'
        : 'Paste the address your browser ended at (it starts with the address shown above as the redirect):',
    )
    const text = await terminal.readLine(signal)
    // With nothing to paste and nobody listening, this sign-in cannot end well.
    if (text === null && !flow.listening && !signal.aborted)
      throw byCode ? new AppError('auth/bad-code', { details: { broker: flow.broker } }) : portTaken(flow)
    if (text === null) return
    try {
      await client.request('connections.paste', { flowId, text }, signal)
      return
    } catch (cause) {
      const failure = describeFailure(cause)
      if (failure.code !== 'auth/bad-paste' || !terminal.interactive) throw cause
      terminal.err(sentenceOf(failure))
    }
  }
}

function portTaken({ broker, redirectUri }: FlowView): AppError {
  return new AppError('auth/port-taken', { details: { broker, port: new URL(redirectUri).port } })
}

/** The connection a sign-in led to. Rejects with the sign-in's own failure; stopping it cancels the sign-in. */
function untilEnded({ client, signal }: CommandContext, flowId: FlowId): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      stopEvents()
      signal.removeEventListener('abort', cancel)
      finish()
    }
    const look = (): void => {
      client.request('connections.flow', { flowId }, new AbortController().signal).then(
        ({ state }) => {
          if (state.kind === 'connected') settle(() => resolve(state.connectionId))
          if (state.kind === 'failed') settle(() => reject(new RequestFailed(state.error)))
        },
        (cause: unknown) => settle(() => reject(cause instanceof Error ? cause : new AppError('app/internal', { cause }))),
      )
    }
    const cancel = (): void => {
      void client.request('connections.cancel', { flowId }, new AbortController().signal).then(look, look)
    }
    const stopEvents = client.subscribe(event => {
      // While the app lock is closed no news of the sign-in comes.
      if ((event.type === 'flow.changed' && event.flowId === flowId) || event.type === 'lock.changed') look()
    })
    signal.addEventListener('abort', cancel)
    if (signal.aborted) cancel()
    else look()
  })
}
