import type { DeskView } from '../../../shared/contract/orders.ts'
import { actionWord, orderTypeWord, timeInForceWord } from '../../lib/order-words.ts'
import {
  deskAccount,
  goesOutsideHours,
  needsLimit,
  needsStop,
  offeredActions,
  type Offered,
  offeredBy,
  type TicketAsset,
  type TicketField,
  type TicketForm,
} from '../../lib/ticket.ts'
import { parseOcc } from '../../../shared/domain/instrument.ts'
import { useApp, brokerName } from '../../state/app.ts'
import { useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { typeIn } from '../../state/ticket.ts'
import { CheckField, DayField, SelectField, TextField } from '../../ui/fields.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { TicketQuote } from './QuoteLine.tsx'

const ASSETS: Readonly<Record<TicketAsset, string>> = {
  equity: 'Stock or ETF',
  fund: 'Mutual fund',
  option: 'Option',
  future: 'Future',
  'future-option': 'Option on a future',
  crypto: 'Crypto',
}
const UNITS: Readonly<Record<TicketAsset, string>> = {
  equity: 'Shares',
  fund: 'Shares',
  option: 'Contracts',
  future: 'Contracts',
  'future-option': 'Contracts',
  crypto: 'Units',
}

interface FieldsProps {
  readonly form: TicketForm
  readonly problems: Partial<Record<TicketField, string>>
}

/** What is ordered, in the order it is asked for; what the chosen broker does not take is not offered. */
export function TicketFields({ form, problems }: FieldsProps) {
  const desk = useOrders(state => dataOf(state.desk))
  const rules = deskAccount(desk, form.accountId)?.connection.rules
  const offered = offeredBy(rules, form.assetClass)
  const isFixed = form.replaces !== null
  return (
    <div className="ticket-fields">
      <SymbolRow form={form} problems={problems} offered={offered} />
      {form.assetClass === 'option' && !isFixed ? <OptionParts form={form} problems={problems} /> : null}
      <AccountField form={form} desk={desk} problem={problems.account} />
      <TicketQuote />
      <Choice id="ticket-action" label="Action" problem={problems.action}>
        <Segments
          label="Action"
          value={form.action}
          options={offeredActions(form, rules).map(value => ({ value, label: actionWord(value) }))}
          onChange={action => typeIn({ action })}
        />
      </Choice>
      <SizeField form={form} notional={offered.notional} problem={problems.size} />
      <Choice id="ticket-type" label="Type">
        <Segments
          label="Type"
          value={form.type}
          options={offered.types.map(value => ({ value, label: orderTypeWord(value) }))}
          onChange={type => typeIn({ type })}
        />
      </Choice>
      <Prices form={form} problems={problems} />
      <TimeRow form={form} offered={offered} isOutside={goesOutsideHours(form, rules)} />
    </div>
  )
}

type WithOffered = Pick<FieldsProps, 'form'> & { readonly offered: Offered }

function SymbolRow({ form, problems, offered }: FieldsProps & WithOffered) {
  const isFixed = form.replaces !== null
  return (
    <div className="ticket-row symbol-row">
      <TextField
        id="ticket-symbol"
        label={form.assetClass === 'option' ? 'OCC symbol or underlying' : 'Symbol'}
        value={form.symbol}
        problem={problems.symbol}
        first={!isFixed}
        readOnly={isFixed}
        onChange={symbol => typeIn({ symbol: symbol.toUpperCase() })}
      />
      <SelectField
        id="ticket-asset"
        label="Kind"
        value={form.assetClass}
        disabled={isFixed}
        options={offered.assets.map(value => ({ value, label: ASSETS[value] }))}
        onChange={value => typeIn({ assetClass: offered.assets.find(asset => asset === value) ?? form.assetClass })}
      />
    </div>
  )
}

function TimeRow({ form, offered, isOutside }: WithOffered & { readonly isOutside: boolean }) {
  return (
    <div className="ticket-row">
      <SelectField
        id="ticket-time"
        label="Time in force"
        value={form.timeInForce}
        options={offered.times.map(value => ({ value, label: timeInForceWord(value) }))}
        onChange={value => typeIn({ timeInForce: offered.times.find(time => time === value) ?? form.timeInForce })}
      />
      {isOutside || form.extendedHours ? (
        <div className="beside-input">
          <CheckField
            id="ticket-extended"
            label="Also outside regular hours"
            checked={form.extendedHours}
            onChange={extendedHours => typeIn({ extendedHours })}
          />
        </div>
      ) : null}
    </div>
  )
}

function OptionParts({ form, problems }: FieldsProps) {
  if (parseOcc(form.symbol.trim())) return null
  return (
    <div className="ticket-row three">
      <DayField id="ticket-expiry" label="Expiry" value={form.expiry} problem={problems.expiry} onChange={expiry => typeIn({ expiry })} />
      <TextField id="ticket-strike" label="Strike" value={form.strike} problem={problems.strike} onChange={strike => typeIn({ strike })} />
      <Choice id="ticket-right" label="Right">
        <Segments
          label="Right"
          value={form.right}
          options={[
            { value: 'call', label: 'Call' },
            { value: 'put', label: 'Put' },
          ]}
          onChange={right => typeIn({ right })}
        />
      </Choice>
    </div>
  )
}

interface AccountProps {
  readonly form: TicketForm
  readonly desk: DeskView | undefined
  readonly problem: string | undefined
}

function AccountField({ form, desk, problem }: AccountProps) {
  const brokers = useApp(state => state.brokers)
  const options = (desk?.connections ?? [])
    .filter(({ rules }) => rules !== null)
    .flatMap(({ accounts, environment, broker, name, isOn }) =>
      accounts.map(account => ({
        value: account.accountId,
        label: `${environment.toUpperCase()}: ${name === '' ? brokerName(brokers, broker) : name}, ${account.name} ${account.maskedNumber}${isOn ? '' : ' (trading off)'}`,
      })),
    )
  return (
    <div className="stack-tight">
      <SelectField
        id="ticket-account"
        label="Account"
        value={form.accountId}
        none="Choose an account"
        disabled={form.replaces !== null}
        options={options}
        onChange={value => {
          const accountId = desk?.connections.flatMap(({ accounts }) => accounts).find(one => one.accountId === value)?.accountId
          if (accountId !== undefined) typeIn({ accountId })
        }}
      />
      {problem ? <span className="hint bad">{problem}</span> : null}
    </div>
  )
}

interface SizeProps {
  readonly form: TicketForm
  readonly notional: boolean
  readonly problem: string | undefined
}

function SizeField({ form, notional, problem }: SizeProps) {
  const unit = UNITS[form.assetClass]
  return (
    <div className="ticket-row">
      <TextField
        id="ticket-size"
        label={form.by === 'quantity' ? unit : 'Amount of money'}
        value={form.size}
        problem={problem}
        onChange={size => typeIn({ size })}
      />
      {notional ? (
        <div className="beside-input">
          <Segments
            label="Given as"
            value={form.by}
            options={[
              { value: 'quantity', label: unit },
              { value: 'notional', label: 'Amount' },
            ]}
            onChange={by => typeIn({ by })}
          />
        </div>
      ) : null}
    </div>
  )
}

function Prices({ form, problems }: FieldsProps) {
  if (!needsLimit(form.type) && !needsStop(form.type)) return null
  return (
    <div className="ticket-row">
      {needsStop(form.type) ? (
        <TextField
          id="ticket-stopPrice"
          label="Stop price"
          value={form.stopPrice}
          problem={problems.stopPrice}
          onChange={stopPrice => typeIn({ stopPrice })}
        />
      ) : null}
      {needsLimit(form.type) ? (
        <TextField
          id="ticket-limitPrice"
          label="Limit price"
          value={form.limitPrice}
          problem={problems.limitPrice}
          onChange={limitPrice => typeIn({ limitPrice })}
        />
      ) : null}
    </div>
  )
}

interface ChoiceProps {
  readonly id: string
  readonly label: string
  readonly problem?: string | undefined
  readonly children: React.ReactNode
}

/** A row of choices with its label; the group carries the name for screen readers. */
function Choice({ id, label, problem, children }: ChoiceProps) {
  return (
    <div className="field" id={id}>
      <span className="label" aria-hidden="true">
        {label}
      </span>
      <span>{children}</span>
      {problem ? <span className="hint bad">{problem}</span> : null}
    </div>
  )
}
