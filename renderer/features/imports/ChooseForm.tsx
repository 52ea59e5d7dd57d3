import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { environmentWord } from '../../lib/format/index.ts'
import { useApp } from '../../state/app.ts'
import { connectionName, useConnections } from '../../state/connections.ts'
import { accountsFor, choose, type Draft, type Lack, missing, readPreview, useImports } from '../../state/imports.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { DropZone } from './DropZone.tsx'

/** Which file, whose it is, and the account it belongs to. */
export function ChooseForm({ error }: { readonly error: ErrorView | null }) {
  const draft = useImports(state => state.draft)
  const [asked, setAsked] = useState(false)
  const lacking = missing(draft)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (lacking === null) void readPreview()
    else document.getElementById(`import-${lacking.field}`)?.focus()
  }
  return (
    <form className="panel panel-pad stack-l import-form" onSubmit={submit} aria-label="Choose a file" noValidate>
      <DropZone id="import-file" file={draft.file} onChoose={file => choose({ file })} />
      <div className="import-fields">
        <BrokerField draft={draft} />
        <AccountField draft={draft} />
        {draft.account === 'new' && draft.broker !== null ? <NewAccount draft={draft} lacking={asked ? lacking : null} /> : null}
      </div>
      {error ? <ErrorNote error={error} /> : null}
      <div className="row wrap">
        <Button type="submit" variant="primary" large>
          Look at what it would do
        </Button>
        <span className={asked && lacking ? 'hint bad' : 'hint'} aria-live="polite">
          {asked && lacking ? lacking.words : 'Nothing is imported before you have seen every row.'}
        </span>
      </div>
    </form>
  )
}

function BrokerField({ draft }: { readonly draft: Draft }) {
  const brokers = useApp(state => dataOf(state.brokers)) ?? []
  const options = brokers.map(({ id, name, closed }) => ({ value: id, label: closed ? `${name} (closed)` : name }))
  const pick = (value: string) => choose({ broker: brokers.find(({ id }) => id === value)?.id ?? null })
  return (
    <SelectField
      id="import-broker"
      label="Broker it came from"
      none="Choose a broker"
      value={draft.broker ?? ''}
      options={options}
      onChange={pick}
    />
  )
}

function AccountField({ draft }: { readonly draft: Draft }) {
  const connections = useConnections(state => dataOf(state.list)) ?? []
  const known = accountsFor(connections, draft.broker).map(({ connection, account }) => ({
    value: account.id,
    label: `${account.name} ${account.maskedNumber}, ${connectionName(connection, environmentWord(connection.environment).toLowerCase())}`,
  }))
  return (
    <SelectField
      id="import-account"
      label="Account it belongs to"
      value={draft.account}
      options={[...known, { value: 'new', label: 'A new account' }]}
      disabled={draft.broker === null}
      onChange={account => choose({ account })}
    />
  )
}

function NewAccount({ draft, lacking }: { readonly draft: Draft; readonly lacking: Lack | null }) {
  const problem = (field: Lack['field']) => (lacking?.field === field ? lacking.words : undefined)
  return (
    <>
      <TextField
        id="import-name"
        label="Name of the new account"
        problem={problem('name')}
        value={draft.name}
        onChange={name => choose({ name })}
        hint="As you call it."
      />
      <TextField
        id="import-number"
        label="Account number"
        problem={problem('number')}
        value={draft.number}
        onChange={number => choose({ number })}
        hint="Only its last digits and a fingerprint are kept; a connection made later finds the account by it."
      />
      <TextField
        id="import-currency"
        label="Currency"
        problem={problem('currency')}
        value={draft.currency}
        onChange={currency => choose({ currency: currency.trim().toUpperCase().slice(0, 3) })}
        hint="Where the file names none."
      />
    </>
  )
}
