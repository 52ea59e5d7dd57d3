import type { Page, WebSocketRoute } from 'playwright/test'
import { z } from 'zod'
import { type DesktopStatus, DesktopStatusSchema } from '../../shared/contract/desktop.ts'
import { AppError, type ErrorCode, type ErrorDetails, toErrorView } from '../../shared/contract/errors.ts'

type StatusInput = z.input<typeof DesktopStatusSchema>

/** A desktop around a window that is really a browser's: it answers what a shell would, and the host answers the rest. */
export interface DesktopDouble {
  /** What was asked of the desktop, in order. */
  readonly asked: { readonly route: string; readonly input: unknown }[]
  status(): DesktopStatus
  /** Changes what the desktop is, as if by itself, and tells the window. */
  become(change: Partial<StatusInput>): void
  /** Refuses a route from now on; null takes it back. */
  refuse(route: string, code: ErrorCode | null, details?: ErrorDetails): void
  /** What a route answers instead of its usual answer. */
  answer(route: string, data: unknown): void
}

const UsualUpdate = { state: 'idle', version: null, notes: '', progress: null, checkedAt: null, trouble: null } as const

const USUAL: StatusInput = {
  here: true,
  platform: 'linux',
  settings: { onClose: 'ask', startAtLogin: false, shortcut: null, checkForUpdates: true },
  can: { tray: true, startAtLogin: true, shortcut: true, notifications: true },
  safeMode: null,
  update: UsualUpdate,
  versions: [
    { name: 'Electron', version: '45.4.1' },
    { name: 'Chromium', version: '152.0.7977.3' },
    { name: 'Node.js', version: '24.18.0' },
    { name: 'SQLite', version: '3.53.0' },
  ],
}

const AskedSchema = z.object({
  type: z.literal('request'),
  request: z.object({ id: z.string(), route: z.string(), input: z.unknown() }),
})
const EventSchema = z.object({ type: z.literal('event'), event: z.object({ revision: z.int() }) })

/** Puts a desktop around the pages of a window; before its first address. */
export async function doubleDesktop(page: Page, first: Partial<StatusInput> = {}): Promise<DesktopDouble> {
  let status = DesktopStatusSchema.parse({ ...USUAL, ...first })
  let revision = 0
  let window: WebSocketRoute | undefined
  const asked: { route: string; input: unknown }[] = []
  const refusals = new Map<string, AppError>()
  const answers = new Map<string, unknown>()

  function answerTo(route: string, input: unknown): unknown {
    asked.push({ route, input })
    const refusal = refusals.get(route)
    if (refusal) return { ok: false, error: toErrorView(refusal) }
    if (answers.has(route)) return { ok: true, data: answers.get(route) }
    if (route === 'desktop.set') {
      const change = DesktopStatusSchema.shape.settings.partial().parse(input)
      status = DesktopStatusSchema.parse({ ...status, settings: { ...status.settings, ...change } })
    }
    return { ok: true, data: route === 'updates.check' ? status.update : route.startsWith('desktop.s') ? status : {} }
  }

  await page.routeWebSocket(/\/ws$/, socket => {
    window = socket
    const host = socket.connectToServer()
    socket.onMessage(message => {
      const read = AskedSchema.safeParse(JSON.parse(String(message)))
      if (!read.success || !/^(?:desktop|updates)\./.test(read.data.request.route)) return host.send(message)
      const { id, route, input } = read.data.request
      socket.send(JSON.stringify({ type: 'reply', id, envelope: answerTo(route, input) }))
    })
    host.onMessage(message => {
      const event = EventSchema.safeParse(JSON.parse(String(message)))
      if (event.success) revision = event.data.event.revision
      socket.send(message)
    })
  })
  return {
    asked,
    status: () => status,
    become(change) {
      status = DesktopStatusSchema.parse({ ...status, ...change })
      window?.send(JSON.stringify({ type: 'event', event: { type: 'desktop.changed', revision: revision + 1 } }))
    },
    refuse(route, code, details = {}) {
      if (code === null) refusals.delete(route)
      else refusals.set(route, new AppError(code, { details }))
    },
    answer: (route, data) => void answers.set(route, data),
  }
}

/** An update as the shell would tell of it. */
export function update(change: Partial<StatusInput['update']>): StatusInput['update'] {
  return { ...UsualUpdate, ...change }
}
