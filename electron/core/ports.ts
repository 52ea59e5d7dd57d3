import type { Dispatcher } from 'undici'
import type { DesktopChange, DesktopStatus, UpdateView } from '../../shared/contract/desktop.ts'
import type { NoticeActionKind } from '../../shared/contract/notices.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import type { ConnectionId } from '../../shared/domain/ids.ts'
import type { Instant } from '../../shared/domain/time.ts'

/** What the core needs from its host. Everything outside the process comes through here, so tests can stand in for it. */
export interface Ports {
  readonly host: 'desktop' | 'headless' | 'test'
  readonly version: string
  readonly paths: Paths
  readonly secretBox: SecretBox
  readonly browser: Browser
  readonly clock: Clock
  readonly cron: Cron
  readonly random: Random
  readonly power: Power
  readonly network: Network
  readonly notify: Notify
  readonly mail: Mail
  readonly log: LogSink
  /** Environment variables the core may read (`KEELSON_...`); the host passes its own. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Replaces the network for tests; the real one otherwise. */
  readonly dispatcher?: Dispatcher
  /** What this edition includes; everything when left out. */
  readonly entitlements?: Entitlements
  /** The desktop around the windows; left out where there is none. */
  readonly desktop?: Desktop
  /** Asks the person at the screen past every page; left out where there is no screen of our own. */
  readonly consent?: Consent
}

/** A box of the system that no page can see, cover or answer. */
export interface Consent {
  /** True when the person said yes. No is what stands ready, what closing it means, and the answer wherever nobody can be asked. */
  ask(question: ConsentQuestion, options: { readonly signal: AbortSignal }): Promise<boolean>
}

export interface ConsentQuestion {
  readonly message: string
  /** Plain text in lines. */
  readonly detail: string
  /** What the button says that means yes. */
  readonly yes: string
}

/** The brokers an edition includes. Asked before every call, so it answers at once and from memory. */
export interface Entitlements {
  /** Empty when the broker is included; else a sentence that says why not. */
  missing(broker: BrokerId): string
}

export interface Paths {
  readonly dataDir: string
  /** The script of the worker thread that does bulk writes: a source file in tests, a bundle in a build. */
  readonly writerScript: URL
}

/**
 * Guards the data key. `wrap` and `unwrap` may ask the user or wait for the system, and may find another store than before:
 * what a box says of itself holds for what it did last.
 * Both reject with a vault/... error that names what stands in the way; `unwrap` never answers with wrong bytes knowingly.
 */
export interface SecretBox {
  readonly protection: 'keyring' | 'passphrase' | 'os' | 'memory'
  /** Names the store that wrapped the key (such as `secret-service` or `scrypt-n17`), kept beside it to explain a later failure. */
  readonly backend: string
  /** A sentence for the user when the protection is weaker than usual; null otherwise. */
  readonly notice: string | null
  /** True when what was unwrapped last should be wrapped anew, because its store has a newer key. */
  readonly shouldRewrap?: boolean
  /** True when it always comes to an end by itself, because it asks a person who waits for that or reckons here: a start then waits as long as it takes. */
  readonly isWaitedFor?: boolean
  wrap(key: Uint8Array): Promise<Uint8Array>
  unwrap(wrapped: Uint8Array, backend: string): Promise<Uint8Array>
  /**
   * A box that guards with another passphrase, and what to do once everything is wrapped by it: only then this box uses it too.
   * Null where no passphrase guards. Throws vault/wrong-passphrase when `current` is not the one in use.
   */
  withPassphrase?(current: string, next: string): { readonly box: SecretBox; readonly adopt: () => void } | null
}

export interface Browser {
  /** Opens an https address, or an http address on the loopback, in the system browser. */
  open(url: string): Promise<void>
}

export interface Clock {
  now(): Instant
  /** Milliseconds that only ever grow, whatever happens to the wall clock. */
  monotonicMs(): number
  /** Runs once after `ms`; the answer stops it. Timers never keep the process alive by themselves. */
  after(ms: number, run: () => void): () => void
}

/** Runs that recur by the calendar. */
export interface Cron {
  /**
   * Runs at every moment a cron expression (`minute hour day month weekday`) names in a zone (IANA name, UTC when left out); the answer
   * stops it. One run at a time: a moment that comes during a run is left out. So are the moments of a sleep and those a clock set
   * forward skipped: catching up is the business of whoever hears of the resume. A run handles its own failures.
   */
  every(expression: string, run: () => void | Promise<void>, options?: { readonly zone?: string }): () => void
}

export interface Random {
  bytes(length: number): Uint8Array
  uuid(): string
  /** Uniform in [0, 1), for jitter only. */
  fraction(): number
}

export interface Power {
  onSuspend(run: () => void): () => void
  onResume(run: () => void): () => void
}

export interface Network {
  /** Tells when the machine may reach the network again after it could not: it was offline, elsewhere or asleep. The answer stops it. */
  onReturn(run: () => void): () => void
}

export interface Notify {
  /** Shows a notification of the system's own, in place of one with the same id. Never throws. */
  show(notice: ShownNotice): void
  /** Takes notifications away whose reason is gone or that were seen in the window. Never throws. */
  withdraw?(ids: readonly string[]): void
  /** How many notices stand unread, for a badge on the app. Never throws. */
  count?(unread: number): void
}

/** One notice, or several said together: then without an action, and `ids` names them all. */
export interface ShownNotice {
  readonly ids: readonly string[]
  readonly title: string
  readonly body: string
  readonly action: { readonly kind: NoticeActionKind; readonly label: string; readonly connectionId: ConnectionId | null } | null
}

/** What routes `desktop.*` and `updates.*` do. Each rejects with the errors its route names. */
export interface Desktop {
  status(): DesktopStatus
  set(change: DesktopChange): Promise<DesktopStatus>
  /** Called when the status changed by itself, such as when an update was found. The answer stops it. */
  onChange(run: () => void): () => void
  saveFile(file: { readonly name: string; readonly text: string }): Promise<{ readonly saved: string | null }>
  openFiles(): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]>
  showDataFolder(): Promise<void>
  checkForUpdates(): Promise<UpdateView>
  installUpdate(): Promise<void>
  restart(): Promise<void>
}

/** Sends mail by SMTP (RFC 5321). */
export interface Mail {
  /** Rejects with mail/unreachable, mail/not-secure, mail/sign-in-refused or mail/refused. The server's password is in no error. */
  send(message: MailMessage, server: MailServer, options: { readonly signal: AbortSignal }): Promise<void>
}

export interface MailMessage {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface MailServer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte, TLS before anything is said (STARTTLS), or none, for this machine alone. */
  readonly security: 'tls' | 'starttls' | 'none'
  /** Null for a server that asks for no sign-in. */
  readonly login: { readonly user: string; readonly password: string } | null
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One event with fields, already redacted. */
export interface LogRecord {
  readonly at: Instant
  readonly level: LogLevel
  readonly event: string
  readonly fields: Readonly<Record<string, string | number | boolean | null>>
}

export type LogSink = (record: LogRecord) => void
