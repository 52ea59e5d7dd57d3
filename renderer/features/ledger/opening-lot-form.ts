import type { GapView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { readDec } from '../../lib/read-dec.ts'
import type { NewOpeningLot } from '../../state/ledger.ts'

/** What is typed into the form, as it is typed. */
export interface LotForm {
  readonly accountId: string
  readonly symbol: string
  readonly currency: string
  readonly day: string
  readonly quantity: string
  readonly price: string
  readonly isPriceUnknown: boolean
  readonly note: string
  /** The row that brought what is asked about; null for a lot from before the history. */
  readonly activityId: GapView['activityId']
}

export type LotProblems = Partial<Record<keyof LotForm, string>>

/** The form as a gap would have it filled, with the quantity that is missing. When it was bought nobody knows but the user, or the account it left. */
export function formOf(gap: GapView | undefined, currency: string): LotForm {
  const first = gap?.suggestions[0]
  return {
    accountId: gap?.accountId ?? '',
    symbol: gap?.symbol ?? '',
    currency: gap?.currency ?? currency,
    day: gap ? dayFor(gap) : '',
    quantity: first?.quantity ?? gap?.quantity ?? '',
    price: first?.price ?? '',
    isPriceUnknown: false,
    note: '',
    activityId: gap?.kind === 'unknown-cost' ? gap.activityId : null,
  }
}

/** A day that is made up would count as one of a purchase: for long term, and for what replaces a loss. */
function dayFor({ kind, lacksPrice, day, suggestions: [first] }: GapView): string {
  if (lacksPrice) return day
  if (first && saysDay(first, kind)) return first.day
  return kind === 'unknown-cost' ? LocalDate.plusDays(day, -1) : ''
}

/** False for an average price beside what was sold: it is of all that is held, of whichever days. */
export const saysDay = ({ source }: Pick<GapView['suggestions'][number], 'source'>, kind: GapView['kind']): boolean => source !== 'broker' || kind === 'unknown-cost'

interface Read {
  readonly lot: NewOpeningLot | null
  readonly problems: LotProblems
}

/** What the form says, or why it says nothing yet. */
export function readForm(form: LotForm, accounts: readonly AccountId[], today: LocalDate): Read {
  const accountId = accounts.find(id => id === form.accountId)
  const quantity = readDec(form.quantity)
  const price = form.isPriceUnknown ? null : readDec(form.price)
  const problems: LotProblems = {
    ...(accountId === undefined ? { accountId: 'Choose the account it is in.' } : {}),
    ...(form.symbol.trim() === '' ? { symbol: 'Name the instrument.' } : {}),
    ...(/^[A-Z]{3,16}$/.test(form.currency.trim().toUpperCase()) ? {} : { currency: 'A currency, such as USD.' }),
    ...(!LocalDate.is(form.day) ? { day: 'The day it was bought.' } : form.day > today ? { day: 'This day has not come yet.' } : {}),
    ...(quantity === undefined || Dec.isZero(quantity) ? { quantity: 'A number other than 0; below 0 for a short.' } : {}),
    ...(price === undefined ? { price: 'A price, or say that nobody knows it.' } : {}),
    ...(price && Dec.isNegative(price) ? { price: 'A price is never below 0.' } : {}),
  }
  if (
    Object.keys(problems).length > 0 ||
    accountId === undefined ||
    quantity === undefined ||
    price === undefined ||
    !LocalDate.is(form.day)
  )
    return { lot: null, problems }
  return {
    lot: {
      accountId,
      symbol: form.symbol.trim().toUpperCase(),
      currency: form.currency.trim().toUpperCase(),
      day: form.day,
      quantity,
      price,
      note: form.note.trim(),
      activityId: form.activityId,
    },
    problems,
  }
}
