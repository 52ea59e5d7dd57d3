import { AppError } from '../../../shared/contract/errors.ts'
import { OpeningLotSchema } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ActivityId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, toLocalDate } from '../../../shared/domain/time.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db, Reader, Writer } from '../db/open.ts'
import type { LedgerKeeper } from '../ledger/keeper.ts'
import type { RowOverride } from '../ledger/lots/lot-rows.ts'
import { knownMultiplier } from '../ledger/lots/multiplier.ts'
import type { Clock, Random } from '../ports.ts'
import { versionsOf } from '../store/activity-versions.ts'
import { markDay, markSymbol, markWhole } from '../store/ledger-dirty.ts'
import { type LedgerRow, ledgerRow } from '../store/ledger-history.ts'
import { lotsBy } from '../store/ledger-lots.ts'
import { accountNumber } from '../store/ledger-scope.ts'
import { unitsIn } from '../store/opening-units.ts'
import { tellShort } from '../store/short-sales.ts'
import { addRowLot, dropRowLot, rowLots } from '../store/row-lots.ts'
import { addOpening, dropOpening, methods, overrideOf, setMethod, setOverride, setPicks, toldOpening, toldOpenings } from '../store/ledger-words.ts'

export interface LedgerWordsDeps {
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly ledger: Pick<LedgerKeeper, 'settle'>
  /** Runs a small write while no long one is under way. */
  readonly between: <T>(run: () => T) => Promise<T>
}

type WordHandlers = Pick<
  Handlers,
  | 'ledger.openingLots' | 'ledger.addOpeningLot' | 'ledger.removeOpeningLot' | 'ledger.methods' | 'ledger.setMethod' | 'ledger.setPicks' | 'ledger.setOverride' | 'ledger.tellShortSale' | 'ledger.versions'
>

/** What the user says where the history says it wrong or not at all. Each answers once the ledger follows it. */
export function createLedgerWords({ db, clock, random, ledger, between }: LedgerWordsDeps): WordHandlers {
  /** Saves a word with its marks in one transaction, and waits for the ledger. */
  async function say(write: (writer: Writer) => void): Promise<Record<string, never>> {
    await between(() => db.writer.tx(write))
    await ledger.settle()
    return {}
  }
  return {
    'ledger.openingLots'({ accountId }) {
      const all = [...toldOpenings(db.reader, accountId), ...rowLots(db.reader, accountId)]
      return all.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)).map(lot => OpeningLotSchema.parse(lot))
    },
    async 'ledger.addOpeningLot'({ activityId, ...input }) {
      const today = toLocalDate(clock.now(), EXCHANGE_ZONE)
      if (Dec.isZero(input.quantity)) throw invalid('a lot of nothing')
      if (input.day > today) throw invalid('it lies in the future')
      if (input.price !== null && Dec.isNegative(input.price)) throw invalid('a price below 0')
      const opening = { ...input, id: `lot_${random.uuid()}`, createdAt: clock.now() }
      if (activityId) {
        const row = knownRow(db.reader, activityId)
        const said = overrideOf(db.reader, row.account, row.externalId)
        const price = broughtPrice(row, input, said)
        const units = said?.multiplier === undefined ? unitsFor(db.reader, row, invalid) : {}
        const lot = { ...opening, price, ...units }
        await say(w => {
          // What was dealt is one lot, on its own day: only its price was missing.
          if (isDealt(row)) setOverride(w, row.account, row.externalId, { ...said, price, ...units }, opening.createdAt)
          else addRowLot(w, row, lot, opening.createdAt)
          markSymbol(w, row.account, input.symbol)
        })
        return opening
      }
      const account = knownAccount(db.reader, input.accountId)
      const { symbol, day } = input
      const { assetClass } = unitsIn(db.reader, account, symbol, day)
      const units = input.price === null ? {} : unitsFor(db.reader, { account, symbol, assetClass, tradeDate: day }, invalid)
      await say(w => {
        addOpening(w, account, { ...opening, assetClass, ...units })
        markSymbol(w, account, input.symbol)
      })
      return opening
    },
    'ledger.removeOpeningLot'({ id }) {
      const brought = rowLots(db.reader).find(lot => lot.id === id)
      if (brought)
        return say(w => {
          dropRowLot(w, brought, clock.now())
          markSymbol(w, brought.account, brought.symbol)
        })
      const found = toldOpening(db.reader, id)
      if (!found) throw new AppError('app/not-found')
      const account = knownAccount(db.reader, found.accountId)
      return say(w => {
        dropOpening(w, id)
        markSymbol(w, account, found.symbol)
      })
    },
    'ledger.methods': () => methods(db.reader),
    'ledger.setMethod'({ accountId, method }) {
      const account = knownAccount(db.reader, accountId)
      return say(w => {
        setMethod(w, account, method)
        markWhole(w, account)
      })
    },
    'ledger.setPicks'({ activityId, picks }) {
      const row = knownRow(db.reader, activityId)
      checkPicks(row, picks, lotsBy(db.reader, row))
      return say(w => {
        setPicks(w, row.account, row.externalId, picks)
        if (row.symbol !== null) markSymbol(w, row.account, row.symbol)
      })
    },
    'ledger.setOverride'({ activityId, override }) {
      const row = knownRow(db.reader, activityId)
      if (override) checkOverride(override, row)
      const isNothing = override === null || Object.values(override).every(value => value === undefined || value === false)
      // The lots a row brought are told and taken back one by one.
      const lots = overrideOf(db.reader, row.account, row.externalId)?.lots
      const isPriced = override?.price !== undefined && override.multiplier === undefined
      const units = isPriced ? unitsFor(db.reader, row, reason => new AppError('ledger/override-invalid', { details: { reason } })) : {}
      const said = { ...(isNothing ? {} : override), ...units, ...(lots ? { lots } : {}) }
      return say(w => {
        setOverride(w, row.account, row.externalId, isNothing && !lots ? null : said, clock.now())
        if (row.symbol !== null) markSymbol(w, row.account, row.symbol)
        markDay(w, row.account, row.tradeDate)
      })
    },
    'ledger.tellShortSale'({ activityId }) {
      const row = knownRow(db.reader, activityId)
      const { account, externalId, symbol } = row
      if (symbol === null || row.kind !== 'trade' || row.side !== 'sell' || row.positionEffect !== null)
        throw new AppError('ledger/override-invalid', { details: { reason: 'it is no sale that may have opened a short position' } })
      return say(w => tellShort(w, account, { externalId, symbol }, clock.now()))
    },
    'ledger.versions'({ activityId }) {
      const row = knownRow(db.reader, activityId)
      return { override: overrideOf(db.reader, row.account, row.externalId), versions: versionsOf(db.reader, activityId) }
    },
  }
}

/** How many units a told price is for, where the instrument itself does not say it: kept with the price. Throws where nobody knows. */
function unitsFor(reader: Reader, { account, symbol, assetClass, tradeDate }: Pick<LedgerRow, 'account' | 'symbol' | 'assetClass' | 'tradeDate'>, refusal: (reason: string) => AppError): { readonly multiplier?: Dec } {
  if (symbol === null || knownMultiplier(symbol, assetClass, tradeDate) !== null) return {}
  const { multiplier } = unitsIn(reader, account, symbol, tradeDate)
  if (multiplier === null) throw refusal(`nobody says how many units one ${symbol} is, so a price alone is no cost`)
  return { multiplier }
}

/** True for a trade, and for shares a corporate action took out. */
const isDealt = ({ kind, quantity }: LedgerRow): boolean => kind === 'trade' || (kind === 'corporate-action' && quantity !== null && Dec.isNegative(quantity))

/** Throws for a lot that a row cannot have brought. */
function broughtPrice(row: LedgerRow, { symbol, quantity, price }: Brought, said: RowOverride | null): Dec {
  const came = said?.quantity ?? row.quantity ?? Dec.zero
  const told = Dec.sum([quantity, ...(said?.lots ?? []).map(lot => lot.quantity)])
  if (row.symbol !== symbol) throw invalid('this row brought no such lot')
  if (price === null) throw invalid('that its cost is unknown is what the row says already')
  if (isDealt(row)) {
    if (row.price !== null) throw invalid('its price is known, and not how many units one of it is')
    return price
  }
  if (Dec.isNegative(quantity) || Dec.cmp(told, came) > 0) throw invalid(`the row brought ${came}`)
  return price
}

interface Brought {
  readonly symbol: string
  readonly quantity: Dec
  readonly price: Dec | null
}

const invalid = (reason: string): AppError => new AppError('ledger/opening-lot-invalid', { details: { reason } })

function knownAccount(reader: Reader, id: AccountId): number {
  const account = accountNumber(reader, id)
  if (account === null) throw new AppError('app/not-found')
  return account
}

function knownRow(reader: Reader, id: ActivityId): LedgerRow {
  const row = ledgerRow(reader, id)
  if (!row) throw new AppError('app/not-found')
  return row
}

type Picks = readonly { readonly lot: string; readonly quantity: Dec }[]

function checkPicks({ kind, quantity }: LedgerRow, picks: Picks, open: ReadonlyMap<string, number>): void {
  const refuse = (reason: string): never => {
    throw new AppError('ledger/picks-invalid', { details: { reason } })
  }
  if (kind !== 'trade' || quantity === null) refuse('this row closes nothing')
  if (picks.some(pick => Dec.cmp(pick.quantity, Dec.zero) <= 0)) refuse('a quantity must be above 0')
  if (new Set(picks.map(({ lot }) => lot)).size < picks.length) refuse('a lot is named twice')
  if (Dec.cmp(Dec.sum(picks.map(pick => pick.quantity)), Dec.abs(quantity ?? Dec.zero)) > 0) refuse('more is picked than was closed')
  if (picks.some(({ lot }) => !open.has(lot))) refuse('one of them was not open then')
  const least = Dec.decimals(quantity ?? Dec.zero)
  if (picks.some(pick => Dec.decimals(pick.quantity) > Math.max(least, open.get(pick.lot) ?? 0))) refuse('a smaller part is picked than was ever bought or sold of it')
}

interface Said {
  readonly multiplier?: Dec | undefined
  readonly price?: Dec | undefined
  readonly fees?: Dec | undefined
  readonly quantity?: Dec | undefined
  readonly effect?: 'open' | 'close' | undefined
}

function checkOverride({ multiplier, price, fees, quantity, effect }: Said, { kind, assetClass }: Pick<LedgerRow, 'kind' | 'assetClass'>): void {
  const refuse = (reason: string): never => {
    throw new AppError('ledger/override-invalid', { details: { reason } })
  }
  if (multiplier !== undefined && Dec.cmp(multiplier, Dec.zero) <= 0) refuse('a multiplier must be above 0')
  if (price !== undefined && Dec.isNegative(price)) refuse('a price must not be below 0')
  if (fees !== undefined && Dec.isNegative(fees)) refuse('fees must not be below 0')
  if (effect !== undefined && kind !== 'trade') refuse('only a trade opens or closes a position')
  if (price !== undefined && kind === 'option-event' && (assetClass === null || assetClass === 'option' || assetClass === 'future-option')) refuse('an option that ended is worth the cash its row says')
  // Which way it goes is said by the row itself.
  if (quantity !== undefined && Dec.isNegative(quantity)) refuse('a quantity must not be below 0: whether it was bought or sold is not changed here')
}
