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

/** The form as a gap would have it filled: the day before its history is missed, the quantity that is missing. */
export function formOf(gap: GapView | undefined, currency: string): LotForm {
  const first = gap?.suggestions[0]
  return {
    accountId: gap?.accountId ?? '',
    symbol: gap?.symbol ?? '',
    currency: gap?.currency ?? currency,
    day: gap?.lacksPrice === true ? gap.day : (first?.day ?? (gap ? LocalDate.plusDays(gap.day, -1) : '')),
    quantity: first?.quantity ?? gap?.quantity ?? '',
    price: first?.price ?? '',
    isPriceUnknown: false,
    note: '',
    activityId: gap?.kind === 'unknown-cost' ? gap.activityId : null,
  }
}

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
