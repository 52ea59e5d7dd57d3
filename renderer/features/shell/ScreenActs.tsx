import { useEffect } from 'react'
import { useConnections } from '../../state/connections.ts'
import { useLock } from '../../state/lock.ts'
import { takeWanted, useRoute } from '../../state/route.ts'
import { openScreen } from './screens.ts'

/** Opens what the address asks for beside its page, once the window may show it and the connections are known. */
export function ScreenActs(): null {
  const wanted = useRoute(state => state.wanted)
  const isOpen = useLock(({ lock }) => lock.status === 'failed' || (lock.status === 'ready' && !lock.data.locked))
  const list = useConnections(state => state.list)
  useEffect(() => {
    if (!wanted || !isOpen) return
    // Whether a connection is there is only known from a list that was read.
    if (wanted.connectionId !== undefined && list.status !== 'ready') return
    takeWanted()
    openScreen(wanted, list.status === 'ready' ? list.data : [])
  }, [wanted, isOpen, list])
  return null
}
