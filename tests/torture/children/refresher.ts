import { getConnection } from '../../../electron/core/store/connections.ts'
import { listIntents, readToken } from '../../../electron/core/store/tokens.ts'
import { type Desk, grant, openDesk, realClock } from '../support/desk.ts'
import { said, saidText } from '../support/said.ts'

/**
 * A Keelson that refreshes one connection again and again and is made to be killed: `refresher.ts <folder> <origin> <order>`. It
 * recovers, says how it found itself, and goes on when told to; each refresh that was committed is said. SIGTERM ends it as it ends
 * the app. With the order `naive` it does what must not be done: no intent, and the answer is saved a little later.
 */
const [folder = '', origin = '', order = 'real'] = process.argv.slice(2)
const NAIVE_DELAY_MS = 5
const LOOKS = 1000
const { signal } = new AbortController()
let desk: Desk | null = null
let closing = false

process.on('SIGTERM', () => {
  closing = true
  void Promise.resolve(desk?.close()).finally(() => process.exit(0))
})
process.on('message', message => {
  if (said(message, 'go') === true) void refreshForEver()
  else if (desk) signIn(desk, { access: saidText(message, 'access'), refresh: saidText(message, 'refresh') })
})

function signIn({ tokens, connection }: Desk, pair: { readonly access: string; readonly refresh: string }): void {
  tokens.save(connection.id, grant(pair, realClock.now()), { signInBy: null })
  report()
}

function report(): void {
  if (!desk) return
  const { db, connection, tokens } = desk
  const state = getConnection(db.reader, connection.id)?.state
  process.send?.({
    ready: true,
    state: state?.kind ?? 'gone',
    because: state?.kind === 'needs-sign-in' ? state.because : '',
    generation: readToken(db.reader, connection.id)?.generation ?? 0,
    integrity: String(db.raw.pragma('integrity_check', { simple: true })),
    intents: listIntents(db.reader).length,
    signedInBefore: tokens.life(connection.id) !== null,
  })
}

async function refreshForEver(): Promise<void> {
  if (!desk) return
  const { db, connection, tokens } = desk
  while (!closing) {
    try {
      if (order === 'naive') await naively(desk)
      else await tokens.refresh(connection.id, { signal })
    } catch (error) {
      if (!closing) process.send?.({ failed: String(error) })
      return
    }
    if (closing) return
    const generation = readToken(db.reader, connection.id)?.generation ?? 0
    const { headers } = await tokens.credentials(connection).authorize({ signal })
    process.send?.({ generation, access: String(headers['authorization']).slice('Bearer '.length) })
  }
}

/** The order most clients have: ask, go on with other things, save. */
async function naively({ tokens, connection }: Desk): Promise<void> {
  const refresh = tokens.revocable(connection.id)?.reveal() ?? ''
  const answer = await fetch(`${origin}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh }),
  })
  const body: unknown = await answer.json()
  if (!answer.ok) throw new Error('refused')
  await new Promise(resolve => void setTimeout(resolve, NAIVE_DELAY_MS))
  tokens.save(connection.id, grant({ access: saidText(body, 'access_token'), refresh: saidText(body, 'refresh_token') }, realClock.now()), {
    signInBy: null,
  })
}

desk = await openDesk({ folder, origin })
await desk.tokens.recover({ signal })
// A start waits two seconds for what was interrupted; a busy machine may need longer, and it goes on by itself.
for (let look = 0; look < LOOKS && listIntents(desk.db.reader).length > 0; look += 1)
  await new Promise(resolve => void setTimeout(resolve, 20))
// Without an intent nothing is known to be interrupted: the first refresh shows what is left.
if (order === 'naive' && desk.tokens.life(desk.connection.id))
  await desk.tokens.refresh(desk.connection.id, { signal }).catch(() => undefined)
report()
