import { createServer } from 'node:http'

/**
 * IBKR's Flex service in a process of its own: each request for a statement is answered at once with `rows` trades of its days. Its
 * argument is the rows a statement holds; it says its port when ready and stops with its parent.
 */
const rows = Number(process.argv[2] ?? 0)
const ACCOUNT = 'U1234567'
const SYMBOLS = ['AAPL', 'MSFT', 'IBM', 'KO', 'SPY', 'NVDA', 'F', 'T', 'ORCL', 'GE']
/** The days the saved query covers. */
const USUAL = { from: '20251121', to: '20261119' }

const dayAt = (from: string, at: number): string => {
  const first = Date.UTC(Number(from.slice(0, 4)), Number(from.slice(4, 6)) - 1, Number(from.slice(6, 8)))
  return new Date(first + Math.floor((at * 360) / rows) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
}

function trade(from: string, at: number): string {
  const day = dayAt(from, at)
  const seconds = 48_600 + (at % 20_000)
  const time = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(part => String(Math.floor(part)).padStart(2, '0')).join('')
  const quantity = (at % 300) + 1
  const price = `${100 + (at % 50)}.${String(at % 100).padStart(2, '0')}`
  const id = `${day.slice(2)}${String(at).padStart(7, '0')}`
  return (
    `<Trade accountId="${ACCOUNT}" currency="USD" assetCategory="STK" symbol="${SYMBOLS[at % SYMBOLS.length]}" conid="${265_598 + (at % 10)}" ` +
    `tradeID="${id}" transactionID="${id}1" ibExecID="0000e0d5.${id}.01.01" ibOrderID="${id}2" dateTime="${day};${time}" tradeDate="${day}" reportDate="${day}" ` +
    `transactionType="ExchTrade" buySell="BUY" openCloseIndicator="O" quantity="${quantity}" tradePrice="${price}" proceeds="-${quantity * 100}" ` +
    `ibCommission="-1" ibCommissionCurrency="USD" taxes="0" netCash="-${quantity * 100 + 1}" levelOfDetail="EXECUTION" />`
  )
}

function statement(from: string, to: string): string {
  const trades = Array.from({ length: rows }, (_, at) => trade(from, at)).join('\n')
  return (
    `<FlexQueryResponse queryName="All" type="AF"><FlexStatements count="1"><FlexStatement accountId="${ACCOUNT}" fromDate="${from}" toDate="${to}" whenGenerated="20261120;090000">` +
    `<AccountInformation><AccountInformation accountId="${ACCOUNT}" currency="USD" dateOpened="20241201" /></AccountInformation>` +
    `<Trades>${trades}</Trades></FlexStatement></FlexStatements></FlexQueryResponse>`
  )
}

const prepared = new Map<string, string>()
prepared.set('1', statement(USUAL.from, USUAL.to))

function answer({ pathname, searchParams }: URL): string {
  if (pathname.endsWith('/SendRequest')) {
    const [from, to] = [searchParams.get('fd'), searchParams.get('td')]
    if (from !== null && to !== null) prepared.set(from, from >= '20241101' ? statement(from, to) : '')
    const reference = from ?? '1'
    return `<FlexStatementResponse><Status>Success</Status><ReferenceCode>${reference}</ReferenceCode></FlexStatementResponse>`
  }
  const found = prepared.get(searchParams.get('q') ?? '')
  // No statement: the account was not open yet.
  return (
    found ||
    '<FlexStatementResponse><Status>Fail</Status><ErrorCode>1003</ErrorCode><ErrorMessage>Statement is not available.</ErrorMessage></FlexStatementResponse>'
  )
}

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/xml' })
  response.end(answer(new URL(request.url ?? '/', 'http://127.0.0.1')))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address) process.send?.(address.port)
})
process.on('disconnect', () => process.exit(0))
