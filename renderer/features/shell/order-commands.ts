import { MAIN_KEY, SHIFT_KEY } from '../../lib/keys.ts'
import { useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { openTicket } from '../../state/ticket.ts'
import type { Command } from '../../ui/CommandPalette.tsx'
import { stopTrading } from '../orders/KillSwitch.tsx'

/** What the palette can do with orders. */
export function orderCommands(): Command[] {
  const isKilled = dataOf(useOrders.getState().desk)?.kill.on ?? false
  return [
    { id: 'ticket', group: 'Actions', label: 'New order', hint: 't', icon: 'orders', run: () => openTicket() },
    isKilled
      ? { id: 'rearm', group: 'Actions', label: 'Take the kill switch back', icon: 'stop', run: () => show({ kind: 'rearm' }) }
      : {
          id: 'kill',
          group: 'Actions',
          label: 'Stop all trading (kill switch)',
          hint: `${MAIN_KEY} ${SHIFT_KEY} X`,
          icon: 'stop',
          run: () => stopTrading('window'),
        },
    { id: 'record', group: 'Actions', label: 'Show the record of orders', icon: 'file', run: () => show({ kind: 'audit' }) },
  ]
}

/** Offers a ticket for what was typed, where it can be a symbol. */
export function orderFor(text: string): Command[] {
  const symbol = text.toUpperCase()
  if (!/^[A-Z0-9./$ -]{1,21}$/.test(symbol) || symbol.split(' ').length > 2) return []
  return [{ id: 'order', group: 'Orders', label: `Order ${symbol}`, icon: 'orders', run: () => openTicket({ symbol }) }]
}
