import { plural } from '../../lib/format/index.ts'
import { useLedger } from '../../state/ledger.ts'
import { dataOf } from '../../state/remote.ts'
import { Icon } from '../../ui/icons.tsx'

/** What is still on its way into the figures: instruments being worked out, histories being read. Nothing where all is there. */
export function Unfinished() {
  const { pending, unread } = useLedger(state => dataOf(state.status)) ?? { pending: 0, unread: 0 }
  return (
    <>
      {pending > 0 ? (
        <output className="note info">
          <Icon name="clock" />
          <p className="grow">{`${plural(pending, 'instrument is', 'instruments are')} being worked out. Results may still move.`}</p>
        </output>
      ) : null}
      {unread > 0 ? (
        <output className="note info">
          <Icon name="clock" />
          <p className="grow">
            {`The history of ${plural(unread, 'account')} is not read to its end yet. What is missing is in no figure, and may still come by itself.`}
          </p>
        </output>
      ) : null}
    </>
  )
}
