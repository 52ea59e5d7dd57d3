import { AppError, toErrorView } from '../../shared/contract/errors.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import { LARGEST_FILE } from '../../shared/contract/file-sizes.ts'
import { type ClientSession, createClientSession, type Dispatcher } from '../node/client-session.ts'
import { CHANNELS } from './channels.ts'

/** The frame a message came from. */
export interface Sender {
  readonly sender: { readonly id: number }
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
}

/** The part of Electron's ipcMain that is used. */
export interface Ipc {
  handle(channel: string, answer: (event: Sender, ...args: unknown[]) => Promise<string>): void
  on(channel: string, take: (event: Sender, ...args: unknown[]) => void): void
}

/** The part of a window's contents that is used. */
export interface Contents {
  readonly id: number
  isDestroyed(): boolean
  send(channel: string, json: string): void
  once(event: 'destroyed', run: () => void): unknown
}

export interface ShellCore extends Dispatcher {
  subscribe(listener: (event: AppEvent) => void): () => void
}

export interface TransportDeps {
  readonly ipc: Ipc
  /** The core, which may still be opening: requests wait for it. */
  readonly core: Promise<ShellCore>
  readonly isQuery: (route: string) => boolean
  readonly isOwnAddress: (url: string) => boolean
}

export interface Transport {
  /** Lets a window speak. Messages of any other window are refused. */
  admit(contents: Contents): void
}

/** Requests that carry a file. */
const FILE_ROUTES: ReadonlySet<string> = new Set(['imports.preview', 'desktop.saveFile', 'journal.attach'])
/** Text of the largest file as JSON writes it. */
const MOST_WITH_FILE = LARGEST_FILE * 1.5
const MOST = 1024 * 1024
/** How the window begins every request; a long one that begins otherwise is not read. */
const BEGINNING = /^\{"id":"[^"\\]{1,64}","route":"([\w.]{1,64})",/

/** Speaks the contract with windows: JSON text over one request channel, one to stop requests and one for events. */
export function createTransport({ ipc, core, isQuery, isOwnAddress }: TransportDeps): Transport {
  const sessions = new Map<number, Promise<ClientSession>>()

  function sessionOf(event: Sender): Promise<ClientSession> | undefined {
    return isMainFrame(event) ? sessions.get(event.sender.id) : undefined
  }

  function isMainFrame(event: Sender): boolean {
    try {
      const { senderFrame: frame } = event
      // A frame that is gone, a frame inside the page or another page in the window has no business here.
      return frame !== null && frame.parent === null && isOwnAddress(frame.url)
    } catch {
      // Electron throws for a frame that goes while it is looked at.
      return false
    }
  }

  ipc.handle(CHANNELS.request, async (event, json) => {
    const session = sessionOf(event)
    if (!session || typeof json !== 'string') throw new Error('refused')
    return answerTo(session, json)
  })
  ipc.on(CHANNELS.cancel, (event, id) => {
    if (typeof id !== 'string') return
    void sessionOf(event)?.then(
      session => session.cancel(id),
      () => undefined,
    )
  })

  return {
    admit(contents) {
      const session = core.then(opened => createClientSession({ core: opened, isQuery }))
      sessions.set(contents.id, session)
      const stop = core.then(opened =>
        opened.subscribe(event => {
          if (!contents.isDestroyed()) contents.send(CHANNELS.event, JSON.stringify(event))
        }),
      )
      // A core that does not open is reported once, by whoever opens it.
      session.catch(() => undefined)
      stop.catch(() => undefined)
      contents.once('destroyed', () => {
        sessions.delete(contents.id)
        void session.then(
          ended => ended.end(),
          () => undefined,
        )
        void stop.then(
          end => end(),
          () => undefined,
        )
      })
    },
  }
}

/** Always an envelope: a failure of the app itself, such as a core that did not open, tells the page nothing but its sentence. */
async function answerTo(session: Promise<ClientSession>, json: string): Promise<string> {
  try {
    return JSON.stringify(await (await session).run(isTooLong(json) ? null : readJson(json)))
  } catch (cause) {
    return JSON.stringify({ ok: false, error: toErrorView(cause instanceof AppError ? cause : new AppError('app/internal', { cause })) })
  }
}

function isTooLong(json: string): boolean {
  const route = json.length > MOST ? BEGINNING.exec(json.slice(0, 256))?.[1] : undefined
  return json.length > (route !== undefined && FILE_ROUTES.has(route) ? MOST_WITH_FILE : MOST)
}

function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return null
  }
}
