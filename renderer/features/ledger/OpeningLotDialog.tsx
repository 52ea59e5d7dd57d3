import { useEffect, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { GapView } from '../../../shared/contract/ledger.ts'
import { formatDate, formatPrice, formatQuantity, instrumentLine, plural } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { refreshGaps, refreshLedgerStatus, refreshOpeningLots, tellShortSale, useLedger } from '../../state/ledger.ts'
import { hide, show, useSurface } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Part } from '../../ui/Part.tsx'
import { OpeningLotForm } from './OpeningLotForm.tsx'
import { OpeningLots } from './OpeningLots.tsx'
import { Unfinished } from './Unfinished.tsx'

/** Fills in what the history does not know: first what is missing, then the lot itself. */
export function OpeningLotDialog() {
  const surface = useSurface(state => state.open)
  return surface.kind === 'opening-lot' ? <Shown key={surface.gapId} gapId={surface.gapId} /> : null
}

function Shown({ gapId }: { readonly gapId: string | null }) {
  const gaps = useLedger(state => state.gaps)
  const [isOwn, setOwn] = useState(false)
  const now = useNow(30)
  useEffect(() => {
    void refreshLedgerStatus()
    void refreshGaps()
    void refreshOpeningLots()
  }, [])
  const gap = gaps.status === 'ready' ? gaps.data.find(({ id }) => id === gapId) : undefined
  const back = () => {
    setOwn(false)
    show({ kind: 'opening-lot', gapId: null })
  }
  const isForm = gap !== undefined || isOwn
  return (
    <Dialog open title={isForm ? 'Add an opening lot' : 'Lots from before the history'} onClose={hide} size={600}>
      {isForm ? (
        <div className="stack-l">
          <Unfinished />
          <OpeningLotForm gap={gap} onBack={back} />
        </div>
      ) : (
        <div className="stack-l">
          <p className="sub">
            Some things were bought, or came in, before the first row kept here. Say when, how much and at what price, and their results
            become known. Nothing is guessed.
          </p>
          <Unfinished />
          <Part of={gaps} now={now} label="Reading what is missing" heights={[60, 60]} onRetry={() => void refreshGaps()}>
            {data => <Gaps gaps={data} />}
          </Part>
          <OpeningLots />
          <div className="dialog-foot">
            <Button onClick={() => setOwn(true)}>Add a lot of your own</Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}

function Gaps({ gaps }: { readonly gaps: readonly GapView[] }) {
  const index = accountIndex(useConnections(state => state.list))
  if (gaps.length === 0)
    return (
      <p className="note good">
        <Icon name="check" />
        <span>Nothing is missing: every closing here has its opening.</span>
      </p>
    )
  return (
    <section className="stack" aria-label="What is missing">
      <h3>{`${plural(gaps.length, 'opening is', 'openings are')} missing`}</h3>
      <ul className="manage gaps">
        {gaps.map(gap => (
          <Gap key={gap.id} gap={gap} account={index.get(gap.accountId)?.account} />
        ))}
      </ul>
    </section>
  )
}

interface GapProps {
  readonly gap: GapView
  readonly account: { readonly name: string; readonly maskedNumber: string } | undefined
}

function Gap({ gap, account }: GapProps) {
  const { busy, error, tell } = useShortSale(gap)
  const [hint] = gap.suggestions
  const name = instrumentLine(gap.symbol)
  return (
    <li>
      <div className="row wrap between">
        <span className="grow">
          <span className="sym">{name}</span> <span className="num">{formatQuantity(gap.quantity)}</span>
          <span className="stamp">{` ${account ? `${account.name} ${account.maskedNumber}` : ''}, ${formatDate(gap.day)}`}</span>
          <span className="sub gap-why">{gap.sentence}</span>
          {hint ? (
            <span className="stamp gap-why">
              {`${hint.label}: ${formatQuantity(hint.quantity)}${hint.price === null ? '' : ` at ${formatPrice(hint.price)}`} on ${formatDate(hint.day)}`}
            </span>
          ) : null}
        </span>
        {gap.shortSale === null ? null : (
          <Button
            variant={gap.shortSale === 'likely' ? 'primary' : 'ghost'}
            busy={busy}
            onClick={() => void tell()}
            aria-label={`It was a short sale: ${name}, ${formatDate(gap.day)}`}
          >
            It was a short sale
          </Button>
        )}
        <Button
          onClick={() => show({ kind: 'opening-lot', gapId: gap.id })}
          aria-label={`${gap.lacksPrice ? 'Say the price' : 'Add the lot'} of ${name}, ${formatDate(gap.day)}`}
        >
          {gap.lacksPrice ? 'Say the price' : 'Add'}
        </Button>
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </li>
  )
}

/** Says that the sale behind a gap opened a short position. */
function useShortSale({ activityId, symbol }: GapView) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function tell() {
    if (activityId === null) return
    setBusy(true)
    setError(null)
    try {
      await tellShortSale(activityId)
      toast(`What was not held of ${instrumentLine(symbol)} is short. Take it back at the row in the history.`, 'Counted as a short sale')
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  return { busy, error, tell }
}
