import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { matchLots } from '../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../electron/core/ledger/lots/lot-event.ts'
import { Dec } from '../../shared/domain/decimal.ts'

/** What another program made of the same fills: all gains before costs, and all costs. */
export interface PeerTotals {
  readonly gains: Dec
  readonly costs: Dec
}

/** True when a program can be run here. */
export function isInstalled(program: 'bean-query' | 'ledger'): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Ours, by first in, first out. */
export function ourTotals(books: ReadonlyMap<string, readonly LotEvent[]>): PeerTotals {
  const events = [...books.values()]
  const costs = Dec.sum(events.flat().map(event => event.costs))
  const bare = events.flatMap(own => matchLots(own.map(event => ({ ...event, costs: Dec.zero })), 'fifo').realizations)
  return { gains: Dec.sum(bare.map(({ pnl }) => pnl ?? Dec.zero)), costs }
}

/** Beancount chooses the lots itself, first in, first out; it is asked for digits, not for its rounded display. */
export function beancountTotals(books: ReadonlyMap<string, readonly LotEvent[]>): PeerTotals {
  const events = inOrder(books)
  const opens = [...books.keys(), 'Cash'].map(name => `2000-01-01 open Assets:${name}\n`).join('')
  const header = `option "booking_method" "FIFO"\n${opens}2000-01-01 open Expenses:Fees\n2000-01-01 open Income:Gains\n`
  const entries = events.map(({ symbol, event: { day, quantity, price, costs } }) => {
    const units = Dec.isNegative(quantity) ? `{} @ ${price} USD\n  Income:Gains` : `{${price} USD}`
    return `${day} * ""\n  Assets:${symbol}  ${quantity} ${symbol} ${units}\n  Expenses:Fees  ${costs} USD\n  Assets:Cash  ${cashOf(quantity, price, costs)} USD\n`
  })
  // The income it fills in is rounded; what was sold, at its cost and at its price, is not.
  const answer = (query: string): Dec[] => {
    const out = run('bean-query', ['-f', 'csv', FILE, query], header + entries.join(''))
    return [...out.matchAll(/Decimal\('([^']+)'\)/g)].map(([, figure = '']) => Dec.of(figure))
  }
  const sold = "WHERE number < 0 AND account ~ '^Assets:S'"
  const [cost = Dec.zero, proceeds = Dec.zero] = answer(`SELECT str(sum(number * cost_number)) AS cost, str(sum(number * number(price))) AS proceeds ${sold}`)
  const [costs = Dec.zero] = answer("SELECT str(sum(number)) AS costs WHERE account = 'Expenses:Fees'")
  return { gains: Dec.sub(cost, proceeds), costs }
}

/** The fills as ledger's journal, which says which lots each sale takes. */
export function ledgerJournal(books: ReadonlyMap<string, readonly LotEvent[]>): string {
  const prices = new Map(inOrder(books).map(({ event }) => [event.key, event.price]))
  const pieces = new Map<string, string[]>()
  for (const [symbol, own] of books) {
    for (const { openKey, closeKey, quantity } of matchLots(own, 'fifo').realizations) {
      const piece = `  Assets:Held  -${quantity} ${symbol} {${prices.get(openKey)} USD} @ ${prices.get(closeKey)} USD\n`
      pieces.set(closeKey, [...(pieces.get(closeKey) ?? []), piece])
    }
  }
  const text = inOrder(books).map(({ symbol, event: { key, day, quantity, price, costs } }) => {
    const units = Dec.isNegative(quantity) ? `${(pieces.get(key) ?? []).join('')}  Income:Gains\n` : `  Assets:Held  ${quantity} ${symbol} {${price} USD}\n`
    return `${day} x\n${units}  Expenses:Fees  ${costs} USD\n  Assets:Cash  ${cashOf(quantity, price, costs)} USD\n\n`
  })
  // Exact amounts are told with a commodity directive of as many decimals.
  return `commodity USD\n  format 1.000000000000 USD\n\n${text.join('')}`
}

/** Ledger works out the sums exactly. */
export function ledgerTotals(books: ReadonlyMap<string, readonly LotEvent[]>): PeerTotals {
  const journal = ledgerJournal(books)
  const total = (account: string): Dec => Dec.of(run('ledger', ['-f', FILE, 'balance', account, '--format', '%(quantity(scrub(total)))\n'], journal).trim().split('\n').at(-1) ?? '0')
  return { gains: Dec.neg(total('Income:Gains')), costs: total('Expenses:Fees') }
}

const FILE = '{file}'

function inOrder(books: ReadonlyMap<string, readonly LotEvent[]>): { readonly symbol: string; readonly event: LotEvent }[] {
  const all = [...books].flatMap(([symbol, events]) => events.map(event => ({ symbol, event })))
  return all.toSorted((a, b) => Number(a.event.key.slice(1)) - Number(b.event.key.slice(1)))
}

function cashOf(quantity: Dec, price: Dec | null, costs: Dec): Dec {
  return Dec.neg(Dec.add(Dec.mul(quantity, price ?? Dec.zero), costs))
}

function run(program: string, args: readonly string[], text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'keelson-peer-'))
  try {
    const file = path.join(folder, 'journal')
    writeFileSync(file, text)
    return execFileSync(program, args.map(arg => (arg === FILE ? file : arg)), { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, env: { ...process.env, HOME: folder } })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
