import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a user agreed to in one sign-in. `signInAt` is milliseconds since the epoch. */
export interface Grant {
  readonly id: string
  readonly scope: string
  readonly accounts: readonly string[]
  readonly signInAt: number
}

/** What a token stands for. `serial` grows with every token; times in milliseconds since the epoch. */
export interface Claims {
  readonly kind: 'access' | 'refresh'
  readonly grant: Grant
  readonly serial: number
  readonly issuedAt: number
}

/** A token that carries its claims under a signature. */
export function sealToken(key: string, { kind, grant, serial, issuedAt }: Claims): string {
  const lines = [kind, grant.id, grant.signInAt, serial, issuedAt, grant.scope, grant.accounts.join(' ')]
  const body = Buffer.from(lines.join('\n')).toString('base64url')
  return `${body}.${mac(key, body)}`
}

/** The claims of a token, or undefined when it was not sealed with this key. */
export function openToken(key: string, token: string): Claims | undefined {
  const [body, seal, ...rest] = token.split('.')
  if (body === undefined || seal === undefined || rest.length > 0) return undefined
  const expected = Buffer.from(mac(key, body))
  const given = Buffer.from(seal)
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined
  const [kind, id = '', signInAt, serial, issuedAt, scope = '', accounts = ''] = Buffer.from(body, 'base64url').toString('utf8').split('\n')
  const grant = { id, scope, accounts: accounts.split(' ').filter(Boolean), signInAt: Number(signInAt) }
  return { kind: kind === 'refresh' ? 'refresh' : 'access', grant, serial: Number(serial), issuedAt: Number(issuedAt) }
}

function mac(key: string, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url')
}
