import type { Notify, ShownNotice } from '../core/ports.ts'
import type { Ask } from './ask.ts'
import type { Screens } from './life.ts'
import { buttonOf, type Outcome, screenOf, workOf } from './notification-actions.ts'

/** The part of a notification of Electron's that is used. */
export interface NativeNotification {
  on(event: 'click', run: () => void): unknown
  on(event: 'action', run: () => void): unknown
  on(event: 'close', run: (details: { readonly reason?: string }) => void): unknown
  on(event: 'failed', run: (event: unknown, why: string) => void): unknown
  show(): void
  close(): void
}

export interface NativeOptions {
  /** The system puts it in place of one with the same id, also of an earlier run. Linux knows no ids. */
  readonly id: string
  readonly title: string
  readonly body: string
  readonly silent: boolean
  readonly actions: { readonly type: 'button'; readonly text: string }[]
}

export interface LeftNotification extends NativeNotification {
  readonly id: string
}

/** What notifications can do on this system. */
export interface NotificationCentre {
  isSupported(): boolean
  make(options: NativeOptions): NativeNotification
  /** macOS: takes away what an earlier run of the app left. */
  remove?(ids: string[]): void
  /** macOS: what an earlier run left and can still be clicked. */
  left?(): Promise<readonly LeftNotification[]>
}

export interface NotificationsDeps {
  readonly centre: NotificationCentre
  readonly screens: Screens
  readonly ask: Ask
  /** Shows how many notices stand unread. */
  readonly badge: (unread: number) => void
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
}

interface Put {
  readonly ids: readonly string[]
  readonly title: string
  readonly body: string
  readonly silent: boolean
  readonly button: string | null
  readonly onClick: () => void
  readonly onAction: () => void
}

/** The system's own notifications. Whatever fails here is logged and no more: each notice stands in the list of the window as well. */
export function createNotifications({ centre, screens, ask, badge, log }: NotificationsDeps): Notify {
  /** By their own id, with the notices each is still about. Kept, because one that is collected hears no click. */
  const kept = new Map<string, { readonly native: NativeNotification; readonly about: Set<string> }>()

  function guarded(what: string, run: () => void): void {
    try {
      run()
    } catch (cause) {
      log(`notifications.${what}-failed`, { cause: cause instanceof Error ? cause.message : 'unknown' })
    }
  }

  function end(id: string): void {
    const one = kept.get(id)
    kept.delete(id)
    if (one) guarded('withdraw', () => one.native.close())
  }

  function withdraw(ids: readonly string[]): void {
    for (const [id, { about }] of kept) {
      for (const gone of ids) about.delete(gone)
      if (about.size === 0) end(id)
    }
    // What an earlier run said of several at once names them too; one of this run stays until the last of them is gone.
    guarded('withdraw', () => centre.remove?.(ids.flatMap(id => (kept.has(severalOf(id)) ? [id] : [id, severalOf(id)]))))
  }

  function put({ ids, title, body, silent, button, onClick, onAction }: Put): void {
    withdraw(ids)
    const id = ids.length === 1 ? ids.join() : ids.length === 0 ? 'outcome-' : severalOf(ids[0] ?? '')
    end(id)
    const native = centre.make({ id, title, body: plain(body), silent, actions: button === null ? [] : [{ type: 'button', text: button }] })
    kept.set(id, { native, about: new Set(ids.length === 0 ? [id] : ids) })
    native.on('click', onClick)
    native.on('action', onAction)
    native.on('close', ({ reason }) => {
      // One that only left the screen may still be clicked in the list the system keeps.
      if (reason === 'userCanceled' && kept.get(id)?.native === native) kept.delete(id)
    })
    native.on('failed', (_event, why) => log('notifications.show-failed', { cause: why }))
    native.show()
  }

  function say({ screen, ...outcome }: Outcome): void {
    const lead = (): void => screens.show(screen)
    put({ ...outcome, silent: true, button: null, onClick: lead, onAction: lead })
  }

  function show(notice: ShownNotice): void {
    if (!centre.isSupported()) return log('notifications.none-here', { notices: notice.ids.length })
    const lead = (): void => {
      screens.show(screenOf(notice))
      // Several are read in the list they lead to.
      if (notice.action !== null) void ask('notices.read', { ids: [...notice.ids] })
    }
    const work = workOf(notice, ask)
    const act = (): void => {
      if (work) void work().then(outcome => guarded('show', () => (outcome ? say(outcome) : undefined)))
      else lead()
    }
    put({ ...notice, silent: false, button: buttonOf(notice), onClick: lead, onAction: act })
  }

  async function takeUp(): Promise<void> {
    for (const native of (await centre.left?.()) ?? []) {
      const { id } = native
      if (kept.has(id)) continue
      kept.set(id, { native, about: new Set([id.startsWith(SEVERAL) ? id.slice(SEVERAL.length) : id]) })
      native.on('click', () => void leadBack(id))
    }
  }

  /** An earlier run took with it what a notification was about; its notice may still stand. */
  async function leadBack(id: string): Promise<void> {
    const list = await ask('notices.list', {})
    const notice = list.ok ? list.data.notices.find(one => one.id === id) : undefined
    screens.show(screenOf({ action: notice ? { ...notice.action, connectionId: notice.connectionId } : null }))
    if (notice) void ask('notices.read', { ids: [id] })
  }

  takeUp().catch((cause: unknown) => log('notifications.left-failed', { cause: cause instanceof Error ? cause.message : 'unknown' }))
  return {
    show: notice => guarded('show', () => show(notice)),
    withdraw,
    count: unread => guarded('badge', () => badge(unread)),
  }
}

const SEVERAL = 'several-'

/** The id of what is said of several notices at once, by the first of them. */
function severalOf(id: string): string {
  return `${SEVERAL}${id}`
}

/** Some Linux desktops read tags in a body: a name somebody gave is to be no link there. */
function plain(body: string): string {
  return body.replaceAll('<', '‹').replaceAll('>', '›')
}
