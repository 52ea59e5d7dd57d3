import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { deskAccount } from '../../lib/ticket.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { errorViewOf } from '../../state/failure.ts'
import { type OrderLimits, setLimits, useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { LIMIT_SPECS, type LimitField, type LimitsForm, limitsForm, readLimits } from './limits-form.ts'
import { EnvBand } from './parts.tsx'

/** Changes the limits that hold everywhere, or those of one account. */
export function LimitsDialog() {
  const open = useSurface(state => (state.open.kind === 'limits' ? state.open : null))
  const limits = useOrders(state => dataOf(state.limits))
  if (!open || !limits) return null
  const { accountId } = open
  return (
    <Dialog open title={accountId === null ? 'Limits everywhere' : 'Limits of one account'} onClose={hide} size={620}>
      <Change accountId={accountId} limits={limits} />
    </Dialog>
  )
}

const UNITS = { money: '', units: '', percent: ' (per cent)', count: '', seconds: ' (seconds)' } as const

function Change({ accountId, limits }: { readonly accountId: AccountId | null; readonly limits: OrderLimits }) {
  const own = limits.accounts.find(one => one.accountId === accountId)?.limits
  const desk = useOrders(state => dataOf(state.desk))
  const place = deskAccount(desk, accountId ?? '')
  const [form, setForm] = useState<LimitsForm>(() => limitsForm(accountId === null ? limits.global : (own ?? limits.global)))
  const [problems, setProblems] = useState<Readonly<Partial<Record<LimitField, string>>>>({})
  const { busy, error, run } = useSaving()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readLimits(form)
    setProblems(read.ok ? {} : read.problems)
    if (read.ok) void run(() => setLimits(accountId, read.limits), 'They hold for the next order on.')
    else document.getElementById(`limit-${Object.keys(read.problems)[0] ?? ''}`)?.focus()
  }
  return (
    <form className="stack-l" onSubmit={submit} noValidate>
      {place ? (
        <EnvBand environment={place.connection.environment}>{visibleText(`${place.account.name} ${place.account.maskedNumber}`)}</EnvBand>
      ) : null}
      <div className="field-grid">
        {LIMIT_SPECS.map(({ field, label, hint, kind, isDaily }, index) => (
          <TextField
            key={field}
            id={`limit-${field}`}
            label={`${label}${UNITS[kind]}`}
            hint={isDaily && limits.lockedUntil ? `${hint} Cannot be raised today.` : hint}
            value={form[field]}
            problem={problems[field]}
            first={index === 0}
            onChange={value => setForm({ ...form, [field]: value })}
          />
        ))}
        <TextField
          id="limit-allow"
          label="Only these symbols"
          hint="Divided by commas; empty for all."
          value={form.allow}
          onChange={allow => setForm({ ...form, allow })}
        />
        <TextField
          id="limit-deny"
          label="Never these symbols"
          hint="Options on them too."
          value={form.deny}
          onChange={deny => setForm({ ...form, deny })}
        />
      </div>
      {error ? <ErrorNote error={error} /> : null}
      <div className="dialog-foot">
        {own && accountId !== null ? (
          <Button
            className="left"
            variant="ghost"
            onClick={() => void run(() => setLimits(accountId, null), 'Only what holds everywhere counts for it now.')}
          >
            No limits of its own
          </Button>
        ) : null}
        <Button onClick={hide}>Keep them</Button>
        <Button type="submit" variant="primary" busy={busy}>
          Save the limits
        </Button>
      </div>
    </form>
  )
}

function useSaving() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function run(work: () => Promise<void>, said: string) {
    if (busy) return
    setBusy(true)
    setError(null)
    try {
      await work()
      hide()
      toast(said, 'The limits are changed')
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  return { busy, error, run }
}
