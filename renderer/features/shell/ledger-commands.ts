import { show } from '../../state/surface.ts'
import type { Command } from '../../ui/CommandPalette.tsx'

/** What can be asked of the ledger from anywhere. */
export function ledgerCommands(): Command[] {
  return [
    {
      id: 'differences',
      group: 'Actions',
      label: 'Show where the ledger and the brokers differ',
      icon: 'warn',
      run: () => show({ kind: 'differences', accountId: null, symbol: null }),
    },
    {
      id: 'opening lots',
      group: 'Actions',
      label: 'Add an opening lot',
      icon: 'plus',
      run: () => show({ kind: 'opening-lot', gapId: null }),
    },
    {
      id: 'lot methods',
      group: 'Actions',
      label: 'Lot method of each account',
      icon: 'settings',
      run: () => show({ kind: 'lot-methods' }),
    },
  ]
}
