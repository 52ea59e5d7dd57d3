import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import type { RunningCopy } from '../../../electron/shell/updates/copy.ts'
import { createUpdates, type Updates, type UpdatesDeps } from '../../../electron/shell/updates/create-updates.ts'
import { createRandom } from '../../../electron/node/random.ts'
import { eventually } from '../../support/eventually.ts'
import { tempFolder } from '../../support/data-folder.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'
import { type Feed, type Release, openFeed, openPlainFeed, type UpdateKey, updateKey } from './update-feed.ts'

/** A server that is gone after the test. */
export const startFeed = (): Promise<Feed> => closedLater(openFeed())
export const startPlainFeed = (): Promise<Feed> => closedLater(openPlainFeed())

async function closedLater(opening: Promise<Feed>): Promise<Feed> {
  const feed = await opening
  onTestFinished(() => feed.close())
  return feed
}

/** A program that writes down that it ran. */
export function program(log: string, name: string): Buffer {
  return Buffer.from(`#!/bin/sh\necho "${name} $*" >> "${log}"\n`)
}

export interface Installed {
  readonly updates: Updates
  readonly feed: Feed
  readonly key: UpdateKey
  readonly clock: VirtualClock
  readonly copy: RunningCopy
  readonly folder: string
  /** The program of the copy that runs. */
  readonly program: string
  /** What was done to the app, in order. */
  readonly endings: string[]
  /** What programs ran, in order. */
  ran(): string[]
  /** A release this copy would take. */
  release(change?: Partial<Release>): Release
  /** Another run of the same copy. */
  again(change?: Partial<UpdatesDeps>): Updates
}

export interface Wish {
  readonly version?: string
  readonly platform?: 'linux' | 'win32'
  readonly feedUrl?: string
  readonly config?: (url: string) => string
  readonly deps?: Partial<UpdatesDeps>
}

/** A copy of Keelson on a disk of its own, that looks for updates in a feed on this machine. */
export async function installed(wish: Wish = {}): Promise<Installed> {
  const { version = '1.2.3', platform = 'linux' } = wish
  const root = tempFolder()
  const feed = await startFeed()
  const key = updateKey()
  const clock = virtualClock()
  const log = path.join(root, 'ran.txt')
  const file = path.join(root, 'Keelson.AppImage')
  const mounted = path.join(root, 'mounted')
  mkdirSync(path.join(mounted, 'resources'), { recursive: true })
  writeFileSync(file, program(log, version))
  chmodSync(file, 0o755)
  const url = wish.feedUrl ?? feed.url
  const publisher = platform === 'win32' ? 'publisherName:\n  - Keelson Works\n' : ''
  const config = wish.config?.(url) ?? `provider: generic\nurl: ${url}\nupdaterCacheDirName: keelson-updater\n${publisher}`
  writeFileSync(path.join(mounted, 'resources/app-update.yml'), config)
  vi.stubEnv('APPIMAGE', file)
  onTestFinished(() => void vi.unstubAllEnvs())
  const endings: string[] = []
  const note = (what: string) => (): void => void endings.push(what)
  const env = platform === 'linux' ? { APPIMAGE: file, APPDIR: mounted } : {}
  const copy: RunningCopy = {
    version,
    platform,
    arch: 'x64',
    isPackaged: true,
    resourcesPath: path.join(mounted, 'resources'),
    execPath: path.join(mounted, 'keelson'),
    env,
  }
  const deps: UpdatesDeps = {
    copy,
    keys: key.pem,
    folder: path.join(root, 'desktop'),
    clock,
    random: createRandom(),
    isSafeMode: false,
    isWanted: () => true,
    ca: feed.ca,
    ending: { drain: () => Promise.resolve(note('drained')()), exit: note('exit'), relaunch: note('relaunch') },
    ...wish.deps,
  }
  return {
    updates: createUpdates(deps),
    feed,
    key,
    clock,
    copy,
    folder: deps.folder,
    program: file,
    endings,
    ran: () =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .trim()
            .split('\n')
            .map(line => line.trim())
        : [],
    release: change => ({
      version: '1.3.0',
      bytes: program(log, '1.3.0'),
      file: platform === 'linux' ? 'Keelson-1.3.0.AppImage' : 'Keelson-Setup-1.3.0.exe',
      name: platform === 'linux' ? 'latest-linux.yml' : 'latest.yml',
      signed: '2026-11-20T12:00:00.000Z',
      expires: '2027-02-20T12:00:00.000Z',
      more: [],
      ...change,
    }),
    again: change => createUpdates({ ...deps, ...change }),
  }
}

/** Looks once and waits until what was found is here or refused. */
export async function lookThrough({ updates }: Pick<Installed, 'updates'>): Promise<string> {
  await updates.check()
  await eventually(() => expect(['checking', 'downloading']).not.toContain(updates.view().state))
  const { state, trouble } = updates.view()
  return trouble ? `${state}: ${trouble.code}` : state
}
