import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { createCertificate } from '../../../electron/core/oauth/certificate.ts'
import { signedBytes } from '../../../electron/shell/updates/signature.ts'
import { Instant } from '../../../shared/domain/time.ts'

export type Answer = Buffer | string | ((request: IncomingMessage, response: ServerResponse) => void)

/** A server on this machine that answers from a table and counts what it is asked. */
export interface Feed {
  readonly url: string
  /** The certificate a client has to trust to read it. */
  readonly ca: string
  readonly files: Map<string, Answer>
  /** The paths asked for, in order. */
  readonly asked: string[]
  close(): Promise<void>
}

const certificate = createCertificate(Instant.fromEpochMs(Date.now()))

export async function openFeed(): Promise<Feed> {
  const { certificatePem, keyPem } = await certificate
  return serve(answer => createServer({ cert: certificatePem, key: keyPem }, answer), 'https', certificatePem)
}

/** The same without encryption, for what must never be asked. */
export function openPlainFeed(): Promise<Feed> {
  return serve(answer => createPlainServer(answer), 'http', '')
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

async function serve(create: (answer: Listener) => Server & { closeAllConnections(): void }, scheme: string, ca: string): Promise<Feed> {
  const files = new Map<string, Answer>()
  const asked: string[] = []
  const server = create((request, response) => {
    const name = (request.url ?? '').slice(1)
    asked.push(name)
    const answer = files.get(name)
    if (typeof answer === 'function') answer(request, response)
    else response.writeHead(answer === undefined ? 404 : 200).end(answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  async function close(): Promise<void> {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  return { url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`, ca, files, asked, close }
}

export interface UpdateKey {
  readonly privateKey: KeyObject
  readonly pem: string
}

export function updateKey(): UpdateKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
}

export interface Release {
  readonly version: string
  readonly bytes: Buffer
  readonly file: string
  /** The manifest's name. */
  readonly name: string
  readonly signed: string
  readonly expires: string
  /** More lines of the manifest. */
  readonly more: readonly string[]
}

export const HASH = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('base64')

/** A manifest as electron-builder writes it, with what the signing script adds. */
export function manifestOf({ version, bytes, file, signed, expires, more }: Release): string {
  const lines = [
    `version: ${version}`,
    'files:',
    `  - url: ${file}`,
    `    sha512: ${HASH(bytes)}`,
    `    size: ${bytes.length}`,
    `path: ${file}`,
    `sha512: ${HASH(bytes)}`,
    `releaseDate: '2026-11-20T12:00:00.000Z'`,
    `signed: '${signed}'`,
    `expires: '${expires}'`,
    ...more,
  ]
  return `${lines.join('\n')}\n`
}

export function signatureOf(name: string, manifest: string, key: UpdateKey): string {
  return `${sign(null, signedBytes(name, Buffer.from(manifest)), key.privateKey).toString('base64')}\n`
}

/** Puts a release into a feed, signed by a key. */
export function publish(feed: Feed, release: Release, key: UpdateKey): void {
  const manifest = manifestOf(release)
  feed.files.set(release.name, manifest)
  feed.files.set(`${release.name}.sig`, signatureOf(release.name, manifest, key))
  feed.files.set(release.file, release.bytes)
}
