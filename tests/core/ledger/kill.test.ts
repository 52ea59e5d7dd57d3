import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT, otherProcess, tempFolder } from '../../support/data-folder.ts'
import { randomFills } from '../../support/lot-fills.ts'
import { type Row, save, withAccounts } from '../store/support.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const FILLS = 12_000
/** Kills after so many steps of a first computing, each cut off in the middle of the next one. */
const KILLS = [0, 1, 2, 3, 4]

/** Computes on, a line a step. */
const COMPUTES = `
const { openConnection } = await import(source('electron/core/db/open.ts'))
const { createLedgerWork } = await import(source('electron/core/ledger/work.ts'))
const work = createLedgerWork(openConnection(process.argv[1]).writer)
console.log('ready')
for await (const _word of process.stdin) break
for (let more = true; more; ) {
  more = work.step(0).more
  console.log('step')
}
console.log('done')
`

function fills(accountId: AccountId, seed: number, count: number, from: LocalDate): Row[] {
  return [...randomFills({ seed, fills: count, symbols: 60, perDay: 20 })].flatMap(([symbol, events]) =>
    events.map(({ key, quantity, price, costs, day }): Row => ({
      accountId, raw: '{}',
      facts: {
        externalId: `${seed}-${key}`, kind: 'trade', brokerType: 'FILL', symbol, assetClass: 'equity', side: Dec.isNegative(quantity) ? 'sell' : 'buy', positionEffect: null, quantity: Dec.abs(quantity), price,
        amount: Dec.neg(Dec.add(Dec.mul(quantity, price ?? Dec.zero), costs)), fees: costs, currency: 'USD', executedAt: null, tradeDate: from > day ? from : day, orderId: null, description: null, status: 'final',
      },
    })),
  )
}

test('a ledger killed at any step goes on to what computing everything anew comes to', { timeout: 120_000 }, async () => {
  const folder = tempFolder()
  const file = join(folder, 'keelson.db')
  const open = () => openDatabase({ file, now: () => AT })
  const first = open()
  const [accountId] = withAccounts(first, { con_1: ['1001'] }) as [AccountId]
  save(first, fills(accountId, 1, FILLS, LocalDate.of('2001-01-02')))
  first.close()
  for (const steps of KILLS) {
    const child = otherProcess(COMPUTES.replace('process.argv[1]', JSON.stringify(file)))
    expect(await child.line()).toBe('ready')
    child.process.stdin?.write('go\n')
    for (let left = steps; left > 0; left -= 1) expect(await child.line()).toBe('step')
    child.kill('SIGKILL')
    await child.ended
    const db = open()
    expect(db.raw.pragma('integrity_check', { simple: true })).toBe('ok')
    // What changes while it is being computed waits with it.
    save(db, fills(accountId, 100 + steps, 40, LocalDate.of('2001-06-01')))
    db.close()
  }
  const db = open()
  expect(settled(createLedgerWork(db.writer))).toEqual([])
  const kept = ledgerDump(db)
  expect(kept['dirty']).toEqual([])
  recomputed(db)
  expect(kept).toEqual(ledgerDump(db))
  db.close()
})
