import type { ActivityRow } from '../../../../shared/contract/schemas.ts'

const HEADER = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"'

/** A Schwab export with these lines: date, action, symbol, quantity, price, fees, amount. */
export function schwabFile(...lines: readonly (readonly [string, string, string, string, string, string, string])[]): string {
  const rows = lines.map(([date, action, symbol, quantity, price, fees, amount]) =>
    [date, action, symbol, 'A security', quantity, price, fees, amount].map(cell => `"${cell}"`).join(','),
  )
  return [HEADER, ...rows, ''].join('\r\n')
}

/** What Schwab's website would export for trades its interface sent. */
export function exportOf(trades: readonly ActivityRow[]): string {
  return schwabFile(
    ...trades.map(
      ({ tradeDate, side, symbol, quantity, price, fees, amount }): [string, string, string, string, string, string, string] => [
        `${tradeDate.slice(5, 7)}/${tradeDate.slice(8)}/${tradeDate.slice(0, 4)}`,
        side === 'buy' ? 'Buy' : 'Sell',
        symbol ?? '',
        quantity ?? '',
        price === null ? '' : `$${price}`,
        fees === '0' ? '' : `$${fees}`,
        amount === null ? '' : amount.startsWith('-') ? `-$${amount.slice(1)}` : `$${amount}`,
      ],
    ),
  )
}
