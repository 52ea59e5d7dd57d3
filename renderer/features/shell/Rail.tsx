import { useEffect, useRef } from 'react'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { useApp } from '../../state/app.ts'
import { needingSignIn } from '../../state/attention.ts'
import { useNow } from '../../state/clock.ts'
import { useConnections } from '../../state/connections.ts'
import { pressing, useHealth } from '../../state/health.ts'
import { useOrders, waiting } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import type { Page } from '../../state/route.ts'
import { Tip } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'

const LINKS = [
  { page: 'overview', word: 'Overview' },
  { page: 'positions', word: 'Positions' },
  { page: 'performance', word: 'Performance' },
  { page: 'history', word: 'History' },
  { page: 'orders', word: 'Orders' },
  { page: 'journal', word: 'Journal' },
  { page: 'watchlist', word: 'Watchlist' },
  { page: 'brokers', word: 'Brokers' },
  { page: 'import', word: 'Import' },
  { page: 'health', word: 'Health' },
  { page: 'settings', word: 'Settings' },
] as const

/** Where to go; collapses to icons, then to a bar, which scrolls to where one is. */
export function Rail({ page }: { readonly page: Page }) {
  const rail = useRef<HTMLElement>(null)
  useEffect(() => {
    rail.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [page])
  const now = useNow(30)
  const connections = useConnections(state => dataOf(state.list))
  const signIns = connections ? needingSignIn(connections, now).length : 0
  const asked = useOrders(({ desk }) => {
    const { requests, unknown } = waiting(dataOf(desk))
    return requests + unknown
  })
  const findings = useHealth(state => pressing(dataOf(state.summary)).length)
  return (
    <nav className="rail" aria-label="Main" ref={rail}>
      {LINKS.map(link => (
        <a key={link.page} href={`#/${link.page}`} aria-current={link.page === page ? 'page' : undefined} title={link.word}>
          <Icon name={link.page} />
          <span className="word">{link.word}</span>
          {link.page === 'overview' && signIns > 0 ? <Tally count={signIns} name={`${signIns} need a sign-in`} /> : null}
          {link.page === 'orders' && asked > 0 ? <Tally count={asked} name={`${asked} wait for you`} /> : null}
          {link.page === 'health' && findings > 0 ? <Tally count={findings} name={`${findings} to look at`} /> : null}
        </a>
      ))}
      <RailFoot />
    </nav>
  )
}

function Tally({ count, name }: { readonly count: number; readonly name: string }) {
  return (
    <span className="tally">
      <span aria-hidden="true">{count}</span>
      <span className="hidden-text">{name}</span>
    </span>
  )
}

type Vault = OutputOf<'app.status'>['vault']

const GUARDS: Readonly<Record<Vault['protection'], string>> = {
  keyring: 'Keys sealed by the system keyring',
  passphrase: 'Keys sealed by your passphrase',
  os: 'Keys sealed by the operating system',
  memory: 'Sign-ins end when Keelson closes',
}

function vaultLine({ state, protection }: Vault): { tone: string; word: string } {
  if (state === 'locked') return { tone: 'bad', word: 'Vault locked' }
  return protection === 'memory' ? { tone: 'warn', word: 'Memory only' } : { tone: 'good', word: 'Vault open' }
}

function RailFoot() {
  const status = useApp(state => dataOf(state.status))
  if (!status) return null
  const { tone, word } = vaultLine(status.vault)
  return (
    <div className="rail-foot">
      <Tip text={`${word}. ${GUARDS[status.vault.protection]}.`}>
        <span className={`badge ${tone}`}>
          <span className="dot" aria-hidden="true" />
          <span className="words">{word}</span>
        </span>
      </Tip>
      <span className="words">{GUARDS[status.vault.protection]}</span>
      <span className="words">v{status.version}</span>
    </div>
  )
}
