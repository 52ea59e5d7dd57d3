import { useMediaQuery } from '@mantine/hooks'
import { type ReactNode, useEffect } from 'react'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { formatQuantity, instrumentLine, kindWord, sideWord } from '../../lib/format/index.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { closeActivity, openActivity, useHistory } from '../../state/history.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { IconButton } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { Facts } from './Facts.tsx'

const BESIDE = '(min-width: 1400px)'

interface DetailProps {
  /** What the ledger makes of the row. */
  readonly ledger: (activity: ActivityRow) => ReactNode
}

/** The open row in full: beside the list where there is room, else in a drawer over it. */
export function ActivityDetail({ ledger }: DetailProps) {
  const beside = useMediaQuery(BESIDE, true, { getInitialValueInEffect: false })
  const open = useHistory(state => state.openId !== null)
  const title = useTitle()
  useEffect(() => closeActivity, [])
  if (!beside)
    return (
      <Drawer open={open} title={title} onClose={closeActivity}>
        <Body ledger={ledger} />
      </Drawer>
    )
  if (!open) return null
  return (
    <aside className="panel side-panel" aria-label="Activity">
      <div className="row between">
        <h2 className="clip">{title}</h2>
        <IconButton icon="close" label="Close" onClick={closeActivity} />
      </div>
      <Body ledger={ledger} />
    </aside>
  )
}

function useTitle(): string {
  const openId = useHistory(state => state.openId)
  const row = useHistory(state => (state.pages.status === 'ready' ? state.pages.data.rows.find(({ id }) => id === openId) : undefined))
  return row ? activityTitle(row) : 'Activity'
}

/** `NVDA, sell 40`; `Dividend, VTI`. */
export function activityTitle(row: ActivityRow): string {
  const what = row.symbol ? instrumentLine(row.symbol) : null
  if (row.side && what)
    return `${what}, ${sideWord(row.side, row.positionEffect).toLowerCase()}${row.quantity ? ` ${formatQuantity(row.quantity)}` : ''}`
  return what ? `${kindWord(row.kind)}, ${what}` : kindWord(row.kind)
}

function Body({ ledger }: DetailProps) {
  const detail = useHistory(state => state.detail)
  const openId = useHistory(state => state.openId)
  switch (detail.status) {
    case 'idle':
    case 'loading':
      return <Skeletons heights={[18, 18, 18, 18, 18, 120]} label="Loading the activity" />
    case 'failed':
      return <ErrorNote error={detail.error} onRetry={openId ? () => void openActivity(openId) : undefined} />
    case 'ready':
      return <Full detail={detail.data} ledger={ledger} />
    default:
      return assertNever(detail)
  }
}

function Full({ detail, ledger }: DetailProps & { readonly detail: OutputOf<'activities.detail'> }) {
  const { activity, raw, identical } = detail
  const connections = useConnections(state => state.list)
  const place = accountIndex(connections).get(activity.accountId)
  return (
    <div className="stack-l">
      {place ? (
        <div className="row between">
          <span className="sub">{`${place.account.name} ${place.account.maskedNumber}`}</span>
          <EnvBadge environment={place.connection.environment} />
        </div>
      ) : null}
      {identical > 1 ? (
        <p className="stamp">{`One of ${identical} rows with the same figures. Each has its own id at the broker, so all of them count.`}</p>
      ) : null}
      <Facts activity={activity} />
      {ledger(activity)}
      <div className="stack">
        <div className="row between">
          <h3>As the broker sent it</h3>
          <CopyButton text={raw}>Copy</CopyButton>
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- long rows scroll, and the keyboard must reach them */}
        <pre className="raw" tabIndex={0} aria-label="Raw row">
          {pretty(raw)}
        </pre>
      </div>
    </div>
  )
}

// Only spacing changes: parsing would round numbers a double cannot hold.
function pretty(raw: string): string {
  return raw.includes('\n') ? raw : indent(raw)
}

function indent(json: string): string {
  let depth = 0
  return json.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, part => {
    if (part === '{' || part === '[') return `${part}\n${'  '.repeat((depth += 1))}`
    if (part === '}' || part === ']') return `\n${'  '.repeat(Math.max(0, (depth -= 1)))}${part}`
    if (part === ',') return `,\n${'  '.repeat(Math.max(0, depth))}`
    return part === ':' ? ': ' : part
  })
}
