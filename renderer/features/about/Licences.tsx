import { useEffect, useId, useState } from 'react'
import type { Licence } from '../../../shared/contract/licences.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { plural } from '../../lib/format/index.ts'
import { readLicences, useLicences } from '../../state/licences.ts'
import { Skeletons } from '../../ui/notes.tsx'

/** The licences of everything Keelson is built from, to be read in full. */
export function Licences() {
  useEffect(() => void readLicences(), [])
  return (
    <section className="stack" aria-label="Licences of others">
      <h3>What it is built from</h3>
      <Body />
    </section>
  )
}

function Body() {
  const licences = useLicences(state => state.licences)
  switch (licences.status) {
    case 'idle':
    case 'loading':
      return <Skeletons heights={[24, 24, 24]} label="Reading the licences" />
    case 'missing':
      return <p className="sub">The list of licences is not part of this copy: it is put in when a release is built.</p>
    case 'ready':
      return <List packages={licences.packages} />
    default:
      return assertNever(licences)
  }
}

function List({ packages }: { readonly packages: readonly Licence[] }) {
  const [text, setText] = useState('')
  const id = useId()
  const wanted = text.trim().toLowerCase()
  const shown = packages.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(wanted))
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{plural(packages.length, 'package')}</label>
        <input
          id={id}
          className="input"
          type="search"
          placeholder="Find by name or licence"
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
      </div>
      {shown.length === 0 ? <p className="sub">None has this in its name or licence.</p> : null}
      <ul className="licences">
        {shown.map(one => (
          <li key={`${one.name} ${one.version}`}>
            <Package licence={one} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Package({ licence: { name, version, licence, text } }: { readonly licence: Licence }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="licence" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="break">{name}</span> <span className="stamp">{`${version}, ${licence}`}</span>
      </summary>
      {open ? <pre className="licence-text">{text.trim() === '' ? 'It comes without a text of its own.' : text.trim()}</pre> : null}
    </details>
  )
}
