import path from 'node:path'
import { expect, test } from 'vitest'
import { openConnection } from '../../electron/core/db/open.ts'
import { createLogFile } from '../../electron/node/log-sink.ts'
import { hits, hitsIn } from '../support/canaries.ts'
import { jumpingClock, tempFolder } from '../support/fake-ports.ts'
import { tradingHouse } from '../core/orders/support/trading-house.ts'

/** What the broker knows the accounts of a folder by, and the texts of every record that orders leave. */
function recordsIn(dataDir: string): { readonly accounts: string[]; readonly texts: string } {
  const db = openConnection(path.join(dataDir, 'keelson.db'))
  const column = (query: string): string[] => db.raw.prepare(query).pluck().all().map(String)
  const accounts = column('SELECT DISTINCT broker_key FROM accounts WHERE length(broker_key) > 6')
  const texts = [
    ...column('SELECT body FROM audit_log'),
    ...column('SELECT detail FROM order_events'),
    ...column(`SELECT coalesce(error, '') FROM order_intents`),
  ]
  db.close()
  return { accounts, texts: texts.join('\n') }
}

test.each(['alpaca', 'schwab', 'tastytrade', 'etrade'] as const)(
  'orders at %s, taken, canceled, refused and stopped, put the name of no account into an answer, an event, the record or the log',
  async broker => {
    using logs = tempFolder()
    const ports = { clock: jumpingClock(), env: { KEELSON_SANDBOX_HASTE: '99' }, log: createLogFile({ folder: logs.path }) }
    await using house = await tradingHouse(broker, { ports })
    const { app, accountId } = house
    const answers: unknown[] = []
    const hear = async <T>(answer: Promise<T>): Promise<T> => {
      const heard = await answer.catch((error: unknown) => {
        answers.push(error instanceof Error && 'view' in error ? error.view : String(error))
        throw error
      })
      answers.push(heard)
      return heard
    }
    const working = await hear(house.order(house.resting()))
    expect(working.outcome).toBe('confirmed')
    await hear(app.call('orders.cancel', { accountId, externalId: working.externalId ?? '' }))
    const review = await hear(house.review())
    app.sandbox.control(broker).fault({ name: 'forbidden-html' })
    await hear(house.place(review)).catch(() => undefined)
    app.sandbox.control(broker).fault(null)
    await hear(app.call('orders.request', { ticket: house.resting(), from: 'a script' }))
    await hear(app.call('orders.kill', { by: 'window' }))
    for (const route of ['orders.desk', 'orders.requests', 'audit.verify', 'diagnostics.preview'] as const) await hear(app.call(route, {}))
    await hear(app.call('orders.list', { limit: 100 }))
    await hear(app.call('audit.page', { limit: 100 }))
    const { accounts, texts } = recordsIn(app.ports.paths.dataDir)
    expect(accounts.length).toBeGreaterThan(0)
    expect(hitsIn(JSON.stringify([answers, app.events, app.ports.mails, app.ports.shown]), accounts)).toEqual([])
    expect(hitsIn(texts, accounts)).toEqual([])
    expect(hits(logs.path, accounts)).toEqual([])
    // The search finds what is there.
    expect(texts).toContain('The kill switch was pulled')
  },
)
