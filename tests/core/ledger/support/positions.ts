import type { Db } from '../../../../electron/core/db/open.ts'
import { replacePositions } from '../../../../electron/core/store/positions.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../../shared/domain/ids.ts'
import { AT } from '../../../support/data-folder.ts'

/** Shares in dollars, as an account's broker states them. */
export function positionsSaved(
  db: Db,
  accountId: AccountId,
  positions: readonly { readonly symbol: string; readonly quantity: string }[],
): void {
  const rest = { assetClass: 'equity', averagePrice: null, marketValue: null, unrealized: null, currency: 'USD', asOf: AT } as const
  replacePositions(
    db.writer,
    accountId,
    positions.map(({ symbol, quantity }) => ({ ...rest, symbol, quantity: Dec.of(quantity) })),
    AT,
  )
}
