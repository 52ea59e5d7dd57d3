import type * as Electron from 'electron'
import { record } from './log.ts'
import { options } from './options.ts'
import { Guarded, plainEvent } from './strict.ts'

type Options = Electron.NotificationConstructorOptions

/** A notification of the system's own. Clicking it is the test's part. */
export class Notification extends Guarded {
  static isSupported(): boolean {
    return options.hasNotifications !== false
  }
  /** Takes those away that an earlier run or another object showed. */
  static remove(id: string | string[]): void {
    record('Notification.remove', id)
  }
  readonly #id: string | undefined
  title: string
  subtitle: string
  body: string
  silent: boolean
  hasReply: boolean
  urgency: 'normal' | 'critical' | 'low'
  timeoutType: 'default' | 'never'
  actions: Electron.NotificationAction[]
  icon: unknown
  constructor(given: Options = {}) {
    super('Notification', ['show', 'click', 'close', 'reply', 'action', 'failed'])
    this.#id = given.id
    this.title = given.title ?? ''
    this.subtitle = given.subtitle ?? ''
    this.body = given.body ?? ''
    this.silent = given.silent ?? false
    this.hasReply = given.hasReply ?? false
    this.urgency = given.urgency ?? 'normal'
    this.timeoutType = given.timeoutType ?? 'default'
    this.actions = given.actions ?? []
    this.icon = given.icon
  }
  get id(): string {
    return this.#id ?? ''
  }
  show(): void {
    record('Notification', this.title, this.body)
    queueMicrotask(() => this.emit('show', plainEvent()))
  }
  close(): void {
    this.emit('close', plainEvent({ reason: 'applicationHidden' }))
  }
}
