import { useEffect } from 'react'
import { plural } from '../../lib/format/index.ts'
import { refreshGaps, refreshLedgerStatus, useLedger } from '../../state/ledger.ts'
import { openDrifts, refreshDrifts, useReconciliation } from '../../state/reconciliation.ts'
import { dataOf } from '../../state/remote.ts'
import type { Page } from '../../state/route.ts'
import { show } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Unfinished } from './Unfinished.tsx'

/** What makes the figures below partial: lots that are missing, figures still being worked out, and where the brokers say something else. */
export function LedgerNotes({ page }: { readonly page: Page }) {
  useEffect(() => {
    void refreshLedgerStatus()
    void refreshGaps()
    void refreshDrifts()
  }, [])
  const gaps = useLedger(state => dataOf(state.gaps)?.length ?? 0)
  const pending = useLedger(state => dataOf(state.status)?.pending ?? 0)
  const unread = useLedger(state => dataOf(state.status)?.unread ?? 0)
  const drifts = useReconciliation(state => openDrifts(dataOf(state.drifts)).length)
  // The overview says the differences among its figures.
  const differing = page === 'overview' ? 0 : drifts
  if (gaps === 0 && pending === 0 && unread === 0 && differing === 0) return null
  return (
    <section className="banners ledger-notes" aria-label="What the figures are missing">
      <Unfinished />
      {gaps > 0 ? (
        <div className="note warn">
          <Icon name="half" />
          <p className="grow">
            {`${plural(gaps, 'closing or transfer', 'closings and transfers')} began before the history here. What is unknown is in no result.`}
          </p>
          <Button onClick={() => show({ kind: 'opening-lot', gapId: null })}>Add what is missing</Button>
        </div>
      ) : null}
      {differing > 0 ? (
        <div className="note warn">
          <Icon name="warn" />
          <p className="grow">{`The ledger and the brokers differ in ${plural(differing, 'place')}.`}</p>
          <Button onClick={() => show({ kind: 'differences', accountId: null, symbol: null })}>Show why</Button>
        </div>
      ) : null}
    </section>
  )
}
