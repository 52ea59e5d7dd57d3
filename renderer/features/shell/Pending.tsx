import { useState } from 'react'
import type { RevocationView } from '../../../shared/contract/revocations.ts'
import { environmentWord, formatMoment } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { dataOf } from '../../state/remote.ts'
import { forgetRevocation, retryRevocation, useRevocations } from '../../state/revocations.ts'
import { toast, toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'

/** Accesses of ended connections that their brokers still have to end. */
export function Pending() {
  const list = useRevocations(state => dataOf(state.list))
  if (!list || list.length === 0) return null
  return (
    <section className="banners" aria-label="Accesses still to be ended">
      {list.map(revocation => (
        <Line key={revocation.id} revocation={revocation} />
      ))}
    </section>
  )
}

type Doing = 'nothing' | 'asking' | 'stopping'

function Line({ revocation }: { readonly revocation: RevocationView }) {
  const name = useBrokerName(revocation.broker)
  const now = useNow(30)
  const [doing, setDoing] = useState<Doing>('nothing')
  const { id, environment, because, nextAt, endsAt } = revocation
  const who = environment === 'live' ? name : `${name} (${environmentWord(environment).toLowerCase()})`
  async function run(what: Exclude<Doing, 'nothing'>, work: () => Promise<void>) {
    setDoing(what)
    await work().catch((error: unknown) => toastError(errorViewOf(error)))
    setDoing('nothing')
  }
  const retry = () =>
    run('asking', async () => {
      const ended = await retryRevocation(id)
      toast(ended ? `${who} ended the access.` : 'Keelson asks again by itself.', ended ? 'Access ended' : 'Not yet')
    })
  const stop = () =>
    run('stopping', async () => {
      await forgetRevocation(id)
      toast(`What was kept for it is wiped. End the access on ${name}’s site if you want to be sure.`, 'Keelson stopped asking')
    })
  const when = nextAt
    ? `Keelson asks again ${formatMoment(nextAt, now)}, until ${formatMoment(endsAt, now)}.`
    : 'It waits for the vault or for you.'
  return (
    <div className="banner pending">
      <Icon name="unplug" />
      <span className="text">
        <b>{`${who} has still to end its access.`}</b>
        {`It is disconnected here and its tokens are wiped but one, sealed, that ends the access. ${because ?? ''} ${when}`}
      </span>
      <Button busy={doing === 'asking'} onClick={() => void retry()} aria-label={`Retry to end the access at ${who}`}>
        Retry
      </Button>
      <Button
        variant="ghost"
        busy={doing === 'stopping'}
        onClick={() => void stop()}
        aria-label={`Stop trying to end the access at ${who}`}
      >
        Stop trying
      </Button>
    </div>
  )
}
