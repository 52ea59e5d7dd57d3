import { readFileSync } from 'node:fs'
import path from 'node:path'
import { OPTIONS_VARIABLE } from './variable.ts'

export type StorageBackend = 'gnome_libsecret' | 'kwallet5' | 'kwallet6' | 'basic_text' | 'portal'
/** How the key store behaves: `missing` says it is not there, `locked` and `denied` refuse each call, `slow` never answers by itself. */
export type StorageState = 'open' | 'missing' | 'locked' | 'denied' | 'busy' | 'slow'

/** The computer the app finds itself on. It comes as JSON in KEELSON_STANDIN. */
export interface StandinOptions {
  /** The folder or extracted asar with the app's package.json. */
  readonly app: string
  /** True for an app that lies in its package's resources. */
  readonly isPackaged?: boolean
  readonly chromium: string
  readonly isHeadless?: boolean
  readonly storage?: { readonly backend?: StorageBackend; readonly state?: StorageState }
  readonly hasNotifications?: boolean
  /** Told to the app by KEELSON_TRAY: Electron itself cannot tell. */
  readonly hasTray?: boolean
  /** Whether the system started the app with the user's session. */
  readonly startedAtLogin?: boolean
  readonly displays?: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[]
  readonly isDark?: boolean
  readonly electronVersion?: string
  /** A script that runs before the app's own. */
  readonly recorder?: string
  /** Keys that other programs hold already. */
  readonly takenShortcuts?: readonly string[]
}

function readOptions(): StandinOptions {
  const text = process.env[OPTIONS_VARIABLE]
  if (text === undefined) throw new Error(`[standin] ${OPTIONS_VARIABLE} is not set`)
  const value = JSON.parse(text) as StandinOptions
  // The app must see what it would see in Electron.
  delete process.env[OPTIONS_VARIABLE]
  return value
}

export const options = readOptions()

export interface Manifest {
  readonly name: string
  readonly productName?: string
  readonly version: string
  readonly main: string
}

/** The app's package.json. */
export const manifest = JSON.parse(readFileSync(path.join(options.app, 'package.json'), 'utf8')) as Manifest
