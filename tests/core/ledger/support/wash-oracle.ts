import type { RealizationView } from '../../../../shared/contract/ledger.ts'
import type { Row } from '../../store/support.ts'

/** What a flag has to say: exact to the last digit but for the part of a loss, which is told to eight decimals. */
export interface ExpectedWash {
  /** Of the loss, as a fraction of whole numbers. */
  readonly part: readonly [numerator: bigint, denominator: bigint]
  readonly replacements: readonly (readonly [account: string, day: string, hundredths: bigint])[]
}

interface Purchase {
  readonly row: Row
  readonly isSale: boolean
  left: bigint
}

const HUNDREDTHS = 100n
const WINDOW_MS = 30 * 86_400_000

/** The rule written a second time, loss by loss over everything there is, in hundredths of a share. Rows have moments of their own, and quantities no decimals. */
export function washOracle(rows: readonly Row[], closings: readonly RealizationView[], pools: ReadonlySet<string> = new Set()): Map<RealizationView, ExpectedWash> {
  const momentOf = new Map(rows.map(({ accountId, facts }) => [`${accountId}|${facts.externalId}`, String(facts.executedAt)]))
  const closedAt = (one: RealizationView): string => momentOf.get(`${one.accountId}|${one.closeKey}`) ?? ''
  // A sale closes its lots the oldest first, whichever order a page has them in.
  const turnOf = (one: RealizationView): string => `${closedAt(one)}|${momentOf.get(`${one.accountId}|${one.openKey}`) ?? ''}`
  const purchases = rows.filter(isPurchase).toSorted((a, b) => (String(a.facts.executedAt) < String(b.facts.executedAt) ? -1 : 1))
  const deals = purchases.map((row): Purchase => ({ row, isSale: row.facts.side === 'sell', left: hundredths(row.facts.quantity) * unitsOf(row.facts.symbol) }))
  const expected = new Map<RealizationView, ExpectedWash>()
  for (const loss of closings.filter(({ pnl, symbol }) => pnl?.startsWith('-') === true && !symbol.includes('USD')).toSorted((a, b) => (turnOf(a) < turnOf(b) ? -1 : 1))) {
    let wanted = hundredths(loss.quantity)
    const replacements: (readonly [string, string, bigint])[] = []
    for (const deal of deals) {
      const { accountId, facts } = deal.row
      const isOwnLot = accountId === loss.accountId && facts.externalId === loss.openKey
      const isNear = Math.abs(Date.parse(facts.tradeDate) - Date.parse(loss.closeDay)) <= WINDOW_MS
      if (isOwnLot || !isNear || deal.isSale !== loss.isShort || !isAlike(facts.symbol ?? '', loss) || (pools.has(accountId) && isSoldOut(rows, deal.row, closedAt(loss)))) continue
      const isOfIt = (one: RealizationView): boolean => one.accountId === accountId && one.symbol === facts.symbol
      const gone = closings.filter(one => isOfIt(one) && (one.closeKey === facts.externalId || (one.openKey === facts.externalId && closedAt(one) <= closedAt(loss))))
      const there = deal.left - gone.reduce((sum, one) => sum + hundredths(one.quantity), 0n) * unitsOf(facts.symbol)
      // A call counts once for itself and a hundred times for the shares behind it.
      const scale = bare(facts.symbol ?? '') === bare(loss.symbol) ? unitsOf(facts.symbol) : 1n
      const part = there <= 0n ? 0n : there < wanted * scale ? there : wanted * scale
      if (part === 0n) continue
      deal.left -= part
      wanted -= part / scale
      replacements.push([accountId, facts.tradeDate, part / scale])
      if (wanted === 0n) break
    }
    if (replacements.length > 0) expected.set(loss, { part: [hundredths(loss.quantity) - wanted, hundredths(loss.quantity)], replacements })
  }
  return expected
}

const isPurchase = ({ facts }: Row): boolean => opens(facts)

/** Whether what is more than there is opens the other side. */
function opens({ side, positionEffect, assetClass }: Row['facts']): boolean {
  const effect = positionEffect ?? (side === 'sell' && assetClass === 'option' ? 'open' : null)
  return side === 'buy' ? effect !== 'close' : effect === 'open'
}

/** Shares and calls on them for shares, the same option for an option. */
function isAlike(symbol: string, loss: RealizationView): boolean {
  return bare(symbol) === bare(loss.symbol) || (!loss.isShort && !isOption(loss.symbol) && /\d{6}C\d{8}$/.test(symbol) && bare(symbol.slice(0, -15)) === bare(loss.symbol))
}

/** Whether all of a pool had been sold between a purchase and a moment, that moment included. */
function isSoldOut(rows: readonly Row[], { accountId, facts: { symbol, executedAt } }: Row, until: string): boolean {
  let held = 0n
  let isOut = false
  for (const { facts } of rows.filter(one => one.accountId === accountId && one.facts.symbol === symbol).toSorted((a, b) => (String(a.facts.executedAt) < String(b.facts.executedAt) ? -1 : 1))) {
    const moved = facts.side === 'buy' ? hundredths(facts.quantity) : -hundredths(facts.quantity)
    const next = held + moved
    if (opens(facts) || (held * moved < 0n && held * next > 0n)) held = next
    else if (held * moved < 0n) held = 0n
    if (held === 0n && String(facts.executedAt) > String(executedAt) && String(facts.executedAt) <= until) isOut = true
  }
  return isOut
}

const bare = (symbol: string): string => symbol.replaceAll(/[./ ]/g, '')
const isOption = (symbol: string): boolean => /\d{6}[CP]\d{8}$/.test(symbol)
const unitsOf = (symbol: string | null): bigint => (/\d{6}C\d{8}$/.test(symbol ?? '') ? 100n : 1n)

function hundredths(quantity: string | null): bigint {
  const [whole = '0', part = ''] = (quantity ?? '0').split('.')
  return BigInt(whole) * HUNDREDTHS + BigInt(part.padEnd(2, '0') || '0')
}
