import { ACTIVITY_KINDS, SIDES } from '../../../shared/domain/activity.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { LotRow } from '../ledger/lots/lot-rows.ts'

/** What few words say over and over comes as one text, without those that are not there: a cell for each is most of what reading a row costs. */
const BETWEEN = '\u001f'
export const MANNER = 'concat_ws(char(31), kind, status, currency, asset_class, side, position_effect, executed_at IS NOT NULL, broker_type)'

/** The words of a row that many rows have in common. */
export type Manner = Pick<LotRow, 'kind' | 'status' | 'currency' | 'assetClass' | 'side' | 'positionEffect' | 'isTimed' | 'brokerType'>

const STATUSES = ['final', 'corrected', 'canceled'] as const
const EFFECTS = ['open', 'close'] as const
const TIMED = '1'
const UNTIMED = '0'

/**
 * The words a broker has for a row come last, since only they may hold anything. Of all others each is the one text the program itself has, which
 * is compared by where it is; what may not be there is known by its words, which no two have in common, and ends with whether the row has a time.
 */
function mannerOf(cell: string): Manner {
  const [kind, status, currency = '', ...rest] = cell.split(BETWEEN)
  const end = rest.findIndex(word => word === TIMED || word === UNTIMED)
  const words = rest.slice(0, end)
  const side = SIDES.find(one => words.includes(one)) ?? null
  const positionEffect = EFFECTS.find(one => words.includes(one)) ?? null
  const assetClass = words.find(word => word !== side && word !== positionEffect) ?? null
  return {
    kind: known(ACTIVITY_KINDS, kind) ?? 'other', status: known(STATUSES, status) ?? 'final', currency, assetClass: assetClass as AssetClass | null,
    side, positionEffect, isTimed: rest[end] === TIMED, brokerType: rest.slice(end + 1).join(BETWEEN),
  }
}

function known<T extends string>(words: readonly T[], word: string | undefined): T | null {
  return words.find(one => one === word) ?? null
}

/** Words kept once: a long history says the same few over and over, and all of it is held at a time. */
export interface Shared {
  manner(cell: string): Manner
  /** Rows come by their days, so most have that of the row before. */
  day(day: LocalDate): LocalDate
}

export function sharing(): Shared {
  const manners = new Map<string, Manner>()
  // Looking a text up costs reading all of it; the two manners before are most often one of them.
  let [last, before]: [MannerOf, MannerOf] = [NO_MANNER, NO_MANNER]
  let today: LocalDate | undefined
  return {
    day: day => (day === today ? today : (today = day)),
    manner(cell) {
      if (cell === last.cell) return last.manner
      ;[last, before] = [before, last]
      if (cell === last.cell) return last.manner
      let found = manners.get(cell)
      if (found === undefined) manners.set(cell, (found = mannerOf(cell)))
      last = { cell, manner: found }
      return found
    },
  }
}

interface MannerOf {
  readonly cell: string
  readonly manner: Manner
}

const NO_MANNER: MannerOf = { cell: '', manner: mannerOf('') }

/** A row by its manner and what is its own. */
export function lotRow(
  { kind, status, currency, assetClass, side, positionEffect, isTimed, brokerType }: Manner,
  { id, sortAt, externalId, symbol, quantity, price, amount, fees, tradeDate, description }: Omit<LotRow, keyof Manner>,
): LotRow {
  return { id, sortAt, isTimed, externalId, kind, brokerType, symbol, assetClass, side, positionEffect, quantity, price, amount, fees, currency, tradeDate, description, status }
}

/**
 * A row as it is read where many are held. Its figures and its id are one text, because an object and five texts for each row of a long history are
 * what the collector moves about for as long as it takes to compute them.
 */
export type PackedRow = readonly [id: number, sortAt: number, manner: string, symbol: string | null, figures: string, tradeDate: LocalDate, description: string | null]

// The broker's id comes last, since it may hold anything.
const FIGURES = `concat_ws(char(31), coalesce(amount, ''), coalesce(quantity, ''), coalesce(price, ''), fees, external_id)`
export const PACKED_ROW = `id, sort_at, ${MANNER}, symbol, ${FIGURES}, trade_date, description`

/** The cash of a packed row; null where it says none. */
export function amountIn(figures: string): Dec | null {
  return decIn(figures, 0, figures.indexOf(BETWEEN))
}

/** The rows of one instrument, held in columns. */
export interface HeldRows {
  readonly symbol: string | null
  readonly ids: number[]
  readonly sortAts: number[]
  readonly manners: Manner[]
  readonly figures: string[]
  readonly days: LocalDate[]
  readonly descriptions: (string | null)[]
}

export const newHeldRows = (symbol: string | null): HeldRows => ({ symbol, ids: [], sortAts: [], manners: [], figures: [], days: [], descriptions: [] })

export function holdRow(held: HeldRows, row: PackedRow, manner: Manner, day: LocalDate): void {
  held.ids.push(row[0])
  held.sortAts.push(row[1])
  held.manners.push(manner)
  held.figures.push(row[4])
  held.days.push(day)
  held.descriptions.push(row[6])
}

/** The rows in the order they were held. */
export function heldRows({ symbol, ids, sortAts, manners, figures, days, descriptions }: HeldRows): LotRow[] {
  return manners.map((manner, at) => {
    const [id, sortAt, text, tradeDate, description = null] = [ids[at], sortAts[at], figures[at], days[at], descriptions[at]]
    if (id === undefined || sortAt === undefined || text === undefined || tradeDate === undefined) throw new RangeError('no such row')
    return unpacked(manner, { id, sortAt, symbol, tradeDate, description }, text)
  })
}

type Beside = Pick<LotRow, 'id' | 'sortAt' | 'symbol' | 'tradeDate' | 'description'>

/** A packed row as any other. */
export function unpackRow(row: PackedRow, manner: Manner, tradeDate: LocalDate): LotRow {
  return unpacked(manner, { id: row[0], sortAt: row[1], symbol: row[3], tradeDate, description: row[6] }, row[4])
}

function unpacked(manner: Manner, { id, sortAt, symbol, tradeDate, description }: Beside, figures: string): LotRow {
  const amountEnd = figures.indexOf(BETWEEN)
  const quantityEnd = figures.indexOf(BETWEEN, amountEnd + 1)
  const priceEnd = figures.indexOf(BETWEEN, quantityEnd + 1)
  const feesEnd = figures.indexOf(BETWEEN, priceEnd + 1)
  return lotRow(manner, {
    id, sortAt, symbol, tradeDate, description, amount: decIn(figures, 0, amountEnd), quantity: decIn(figures, amountEnd + 1, quantityEnd), price: decIn(figures, quantityEnd + 1, priceEnd),
    fees: figures.slice(priceEnd + 1, feesEnd) as Dec, externalId: figures.slice(feesEnd + 1),
  })
}

const decIn = (figures: string, from: number, to: number): Dec | null => (from === to ? null : (figures.slice(from, to) as Dec))
