import { matchLots } from '../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../electron/core/ledger/lots/lot-event.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import { plainFifo } from '../core/ledger/lots/support/plain-fifo.ts'
import { randomFills } from '../support/lot-fills.ts'
import { beancountTotals, isInstalled, ledgerTotals, ourTotals, type PeerTotals } from '../support/lot-peers.ts'
import { type BenchResult, judge } from './support/measure.ts'

const PLAIN_FILLS = 50_000
const LEDGER_FILLS = 20_000
const BEANCOUNT_FILLS = 4000

type Books = ReadonlyMap<string, readonly LotEvent[]>

/** P2: how many totals of other ways to the same sums differ from ours, to the last digit: plain big decimals, ledger, and beancount, which chooses the lots itself. */
export function measure(): Promise<BenchResult[]> {
  const checks = [plainCheck(), peerCheck('ledger', LEDGER_FILLS, ledgerTotals), peerCheck('beancount', BEANCOUNT_FILLS, beancountTotals)]
  const differing = checks.reduce((total, { differs }) => total + differs, 0)
  return Promise.resolve([judge({ id: 'P2', unit: 'totals that differ', floor: 0, goal: 0 }, differing, checks.map(({ note }) => note).join('; '))])
}

interface Check {
  readonly differs: number
  readonly note: string
}

function plainCheck(): Check {
  const books = randomFills({ seed: 43, fills: PLAIN_FILLS, symbols: 200, quantityPlaces: 4, perDay: 50 })
  const differs = [...books.values()].filter(events => {
    const plain = plainFifo(events)
    return JSON.stringify(matchLots(events, 'fifo').realizations.map(({ pnl }) => pnl)) !== JSON.stringify(plain.pnl.map(Dec.of))
  })
  return { differs: differs.length, note: `every result of ${PLAIN_FILLS} fills against big decimals: ${differs.length === 0 ? 'equal' : `${differs.length} instruments differ`}` }
}

function peerCheck(name: 'ledger' | 'beancount', fills: number, totalsOf: (books: Books) => PeerTotals): Check {
  if (!isInstalled(name === 'ledger' ? 'ledger' : 'bean-query')) return { differs: 0, note: `${name} skipped: not installed` }
  const books = randomFills({ seed: 44, fills, symbols: 100, quantityPlaces: 3 })
  const [ours, theirs] = [ourTotals(books), totalsOf(books)]
  const equal = ours.gains === theirs.gains && ours.costs === theirs.costs
  return { differs: equal ? 0 : 1, note: `${name} over ${fills} fills: ${equal ? `equal (${ours.gains})` : `${theirs.gains}, ours ${ours.gains}`}` }
}
