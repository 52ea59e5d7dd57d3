import { request } from 'node:http'
import type { HostFile } from './host-file.ts'

const ANSWER_MS = 2000

/** Asks the host named in a host file whether it is there and ours; only it knows the token. Null when it does not answer. */
export async function askHost(host: HostFile): Promise<{ readonly version: string } | null> {
  const about = await call(host, 'GET', '/host')
  return typeof about?.['version'] === 'string' ? { version: about['version'] } : null
}

/** A fresh one-time link from a running host; null when it does not answer. */
export async function askForLink(host: HostFile): Promise<string | null> {
  const answer = await call(host, 'POST', '/link')
  return typeof answer?.['link'] === 'string' ? answer['link'] : null
}

function call(host: HostFile, method: 'GET' | 'POST', path: string): Promise<Readonly<Record<string, unknown>> | null> {
  return new Promise(resolve => {
    const headers = { authorization: `Bearer ${host.token}`, 'x-keelson': '1', 'content-type': 'application/json' }
    const sent = request({ host: '127.0.0.1', port: host.port, method, path, headers, timeout: ANSWER_MS, agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => resolve(null))
      response.on('end', () => resolve(response.statusCode === 200 ? readObject(Buffer.concat(chunks).toString('utf8')) : null))
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(null))
    sent.on('close', () => resolve(null))
    sent.end()
  })
}

function readObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}
