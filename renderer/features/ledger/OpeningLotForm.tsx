import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { GapView } from '../../../shared/contract/ledger.ts'
import { dayOf, formatDate, formatPrice, formatQuantity, instrumentLine } from '../../lib/format/index.ts'
import { now } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { addOpeningLot } from '../../state/ledger.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, DayField, SelectField, TextField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { formOf, type LotForm, type LotProblems, readForm, saysDay } from './opening-lot-form.ts'

interface FormProps {
  /** What is missing; undefined for a lot nobody asked for. */
  readonly gap: GapView | undefined
  readonly onBack: () => void
}

/** Day, quantity and price of one lot. */
export function OpeningLotForm({ gap, onBack }: FormProps) {
  const index = accountIndex(useConnections(state => state.list))
  const [form, setForm] = useState<LotForm>(() => formOf(gap, 'USD'))
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const place = gap ? index.get(gap.accountId) : undefined
  const accounts = [...index.values()].map(({ account }) => account)
  const { lot, problems } = readForm(
    form,
    accounts.map(({ id }) => id),
    dayOf(now()),
  )
  const isPriceOnly = gap?.lacksPrice === true
  const change = (part: Partial<LotForm>) => setForm(before => ({ ...before, ...part }))
  const shown = asked ? problems : {}

  async function submit(event: FormEvent) {
    event.preventDefault()
    setAsked(true)
    if (!lot) return
    setBusy(true)
    setError(null)
    try {
      await addOpeningLot(lot)
      toast(
        `${formatQuantity(lot.quantity)} ${instrumentLine(lot.symbol)} of ${formatDate(lot.day)}. You can take it back at any time.`,
        isPriceOnly ? 'Price told' : 'Opening lot added',
      )
      onBack()
    } catch (failure) {
      setError(errorViewOf(failure))
    }
    setBusy(false)
  }

  return (
    <form className="stack-l" onSubmit={event => void submit(event)} noValidate>
      {gap ? (
        <p className="sub">
          {place ? <span className="strong">{`${place.account.name} ${place.account.maskedNumber}. `}</span> : null}
          {gap.sentence}
        </p>
      ) : null}
      {gap && gap.suggestions.length > 0 ? <Suggestions gap={gap} onTake={change} /> : null}
      {gap ? null : (
        <SelectField
          id="lot-account"
          label="Account"
          value={form.accountId}
          none="Choose an account"
          options={accounts.map(({ id, name, maskedNumber }) => ({ value: id, label: `${name} ${maskedNumber}` }))}
          onChange={accountId => change({ accountId })}
          {...(shown.accountId ? { hint: shown.accountId } : {})}
        />
      )}
      <LotFields form={form} problems={shown} isFixed={gap !== undefined} isPriceOnly={isPriceOnly} change={change} />
      {error ? <ErrorNote error={error} /> : null}
      <div className="dialog-foot">
        <Button onClick={onBack}>Back</Button>
        <Button type="submit" variant="primary" busy={busy}>
          {isPriceOnly ? 'Say this price' : 'Add this lot'}
        </Button>
      </div>
    </form>
  )
}

interface FieldsProps {
  readonly form: LotForm
  readonly problems: LotProblems
  /** What is missing names the instrument. */
  readonly isFixed: boolean
  /** The rest is what the row says. */
  readonly isPriceOnly: boolean
  readonly change: (part: Partial<LotForm>) => void
}

function LotFields({ form, problems, isFixed, isPriceOnly, change }: FieldsProps) {
  return (
    <>
      <Instrument form={form} problems={problems} isFixed={isFixed} change={change} />
      {isPriceOnly ? null : (
        <div className="field-pair">
          <DayField id="lot-day" label="Bought on" first value={form.day} problem={problems.day} onChange={day => change({ day })} />
          <TextField
            id="lot-quantity"
            label="Quantity"
            value={form.quantity}
            problem={problems.quantity}
            {...(problems.quantity ? {} : { hint: 'Below 0 for a short.' })}
            onChange={quantity => change({ quantity })}
          />
        </div>
      )}
      {form.isPriceUnknown ? null : (
        <TextField
          id="lot-price"
          label={`Price of one, ${form.currency}`}
          value={form.price}
          hint="Costs included. Of an option the price as quoted, without its multiplier."
          problem={problems.price}
          onChange={price => change({ price })}
        />
      )}
      {isPriceOnly ? null : (
        <CheckField
          id="lot-unknown"
          label="Nobody knows the price"
          hint="The quantity counts; the result stays unknown and is in no sum."
          checked={form.isPriceUnknown}
          onChange={isPriceUnknown => change({ isPriceUnknown })}
        />
      )}
      <TextField id="lot-note" label="Note" optional value={form.note} onChange={note => change({ note })} />
    </>
  )
}

function Instrument({ form, problems, isFixed, change }: Omit<FieldsProps, 'isPriceOnly'>) {
  return (
    <div className="field-pair">
      <TextField
        id="lot-symbol"
        label="Symbol"
        value={form.symbol}
        readOnly={isFixed}
        problem={problems.symbol}
        {...(problems.symbol ? {} : { hint: 'As the history shows it; options by their OCC symbol.' })}
        onChange={symbol => change({ symbol })}
      />
      <TextField
        id="lot-currency"
        label="Currency"
        value={form.currency}
        readOnly={isFixed}
        problem={problems.currency}
        onChange={currency => change({ currency })}
      />
    </div>
  )
}

function Suggestions({ gap, onTake }: { readonly gap: GapView; readonly onTake: (part: Partial<LotForm>) => void }) {
  return (
    <section className="stack" aria-label="What Keelson could fill in">
      <h3>What Keelson could fill in</h3>
      <ul className="manage">
        {gap.suggestions.map(({ label, day, quantity, price, source }) => (
          <li key={`${source} ${day} ${quantity} ${price}`} className="row between">
            <span className="grow">
              {`${formatQuantity(quantity)}${price === null ? '' : ` at ${formatPrice(price)}`}${saysDay({ source }, gap.kind) ? ` on ${formatDate(day)}` : ''}`}
              <span className="stamp">{` ${label}`}</span>
            </span>
            <Button
              aria-label={`Take ${label}`}
              onClick={() => onTake({ ...(saysDay({ source }, gap.kind) ? { day } : {}), quantity, price: price ?? '', isPriceUnknown: price === null })}
            >
              Take
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
