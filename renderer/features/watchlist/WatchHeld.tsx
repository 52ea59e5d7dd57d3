import { useEffect, useState } from 'react'
import { useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { refreshGrouped, usePortfolio } from '../../state/portfolio.ts'
import { dataOf } from '../../state/remote.ts'
import { toastError } from '../../state/toast.ts'
import { watchAll } from '../../state/watchlist.ts'
import { Button } from '../../ui/Button.tsx'

/** As many as one asking for quotes brings without keeping a broker waiting. */
const MOST = 20

/** Puts the most valuable positions on the list, for a first look; nothing where nothing is held. */
export function WatchHeld() {
  const isKnown = useConnections(state => state.list.status === 'ready')
  const held = usePortfolio(state => dataOf(state.grouped))
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (isKnown && usePortfolio.getState().grouped.status === 'idle') void refreshGrouped()
  }, [isKnown])
  const symbols = [...new Set(held?.map(({ symbol }) => symbol))].slice(0, MOST)
  if (symbols.length === 0) return null
  async function add() {
    setBusy(true)
    try {
      await watchAll(symbols)
    } catch (error) {
      toastError(errorViewOf(error))
      setBusy(false)
    }
  }
  return (
    <Button variant="primary" icon="plus" busy={busy} onClick={() => void add()}>
      {symbols.length < MOST ? 'Watch what you hold' : `Watch your ${MOST} largest positions`}
    </Button>
  )
}
