import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { openDatabase } from '../../electron/core/db/open.ts'
import { openVault, type OpenVault } from '../../electron/core/vault/data-key.ts'
import { Secret } from '../../electron/core/vault/secret.ts'
import { createClock } from '../../electron/node/clock.ts'
import { createMemoryBox } from '../../electron/node/memory-box.ts'
import { createRandom } from '../../electron/node/random.ts'
import { benchFolder } from './support/bench-desk.ts'
import { alternate, type BenchResult, judge, median, quantile } from './support/measure.ts'

const ROUNDS = 15
const TIMES = 5000
/** An access token and a refresh token as brokers give them out, 1.3 kB together. */
const TOKENS = [randomBytes(600).toString('base64url'), randomBytes(375).toString('base64url')]

/**
 * C1: sealing and opening two tokens through the vault against AES-256-GCM of the same text with node:crypto alone.
 * C1P99: how long the slowest of a hundred such pairs takes at least, in milliseconds.
 */
export async function measure(): Promise<BenchResult[]> {
  using folder = benchFolder()
  const clock = createClock()
  const random = createRandom()
  const db = openDatabase({ file: folder.file, now: () => clock.now() })
  const vault = await openVault({ db, box: createMemoryBox(), random, clock })
  const both = (one: () => () => void) => async (): Promise<number[]> => times(one())
  const { baseline, subject } = await alternate(
    ROUNDS,
    both(rawRoundTrip),
    both(() => vaultRoundTrip(vault)),
  )
  vault.close()
  db.close()
  const p50 = (rounds: number[][]): number => median(rounds.map(median))
  const p99 = median(subject.map(round => quantile(round, 0.99)))
  const note = `${(1000 * p50(subject)).toFixed(1)} of ${(1000 * p50(baseline)).toFixed(1)} µs`
  return [
    judge({ id: 'C1', unit: 'x of raw AES-256-GCM', floor: 5, goal: 2 }, p50(subject) / p50(baseline), note),
    judge({ id: 'C1P99', unit: 'ms', floor: 1, goal: 0.2 }, p99, 'two tokens sealed and opened, p99'),
  ]
}

function times(run: () => void): number[] {
  return Array.from({ length: TIMES }, () => {
    const began = performance.now()
    run()
    return performance.now() - began
  })
}

function vaultRoundTrip(vault: OpenVault): () => void {
  const secrets = TOKENS.map(text => Secret.of(text))
  let version = 0
  return () => {
    for (const secret of secrets) {
      const scope = { owner: 'con_bench', field: 'access', version: (version += 1) } as const
      if (vault.open(scope, vault.seal(scope, secret)).reveal() !== secret.reveal()) throw new Error('the vault changed a token')
    }
  }
}

/** A fresh random IV each time, as the mode demands. */
function rawRoundTrip(): () => void {
  const key = createSecretKey(randomBytes(32))
  return () => {
    for (const text of TOKENS) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(cipher.getAuthTag())
      if (decipher.update(sealed, undefined, 'utf8') + decipher.final('utf8') !== text) throw new Error('AES-GCM changed a token')
    }
  }
}
