import { existsSync, readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { accountHistory, HISTORY_SECTIONS } from '../../../../electron/core/brokers/ibkr/flex/account-history.ts'
import { type Parsed, parseApart, parseScript } from '../../../../electron/core/brokers/ibkr/flex/parse-thread.ts'
import { parseFlexStatement } from '../../../../electron/core/brokers/ibkr/flex/statement.ts'
import { AppError } from '../../../../shared/contract/errors.ts'

const { signal } = new AbortController()

/** A statement with as many trades, in pieces that are put together as given. */
function statement(trades: number): string {
  const rows = Array.from(
    { length: trades },
    (_, at) =>
      `<Trade accountId="DU1000001" levelOfDetail="EXECUTION" tradeID="${at}" symbol="A&amp;B" quantity="1" description="${'words '.repeat(30)}"/>`,
  )
  return `<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="3">
    <FlexStatement accountId="DU1000001" fromDate="20260101" toDate="20261120" whenGenerated="20261120;230000">
    <Trades>${rows.join('')}</Trades><CashTransactions><CashTransaction amount="1"/></CashTransactions><Transfers/></FlexStatement>
    <FlexStatement accountId="DU1000002" fromDate="20260101" toDate="20261120" whenGenerated="20261120;230000"/>
    <FlexStatement accountId="DU1000003" fromDate="20260101" toDate="20261120"><Trades><Order symbol="A"/></Trades>
    <CashReport><CashReportCurrency currency="USD" endingCash="1"/></CashReport></FlexStatement>
    </FlexStatements></FlexQueryResponse>`
}

/** What reading on one thread makes of it: the other sections, and the history or the refusal of each account. */
function read(xml: string): object {
  const statements = parseFlexStatement(xml)
  const others = statements.map(({ sections, ...head }) => ({ ...head, sections: [...sections].filter(([name]) => !HISTORY_SECTIONS.has(name)) }))
  const accounts = [...new Set(statements.map(({ accountId }) => accountId))]
  return { others, histories: accounts.map(account => [account, attempt(() => accountHistory(statements.filter(one => one.accountId === account)))]) }
}

/** The same of what came from the other thread. */
function whole({ statements, histories = new Map() }: Parsed): object {
  return {
    others: statements.map(({ sections, ...head }) => ({ ...head, sections: [...sections] })),
    histories: [...histories].map(([account, history]) => [account, attempt(history)]),
  }
}

function attempt<T>(work: () => T): T | { refused: string } {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError) return { refused: `${error.code} ${JSON.stringify(error.details)}` }
    throw error
  }
}

async function failureOf(work: () => unknown): Promise<unknown> {
  try {
    await work()
    return null
  } catch (error) {
    return error instanceof AppError ? { code: error.code, details: error.details, message: error.message } : error
  }
}

describe('a large Flex statement', () => {
  const large = statement(5000)

  test('is read beside the thread that answers, and the same', async () => {
    let turns = 0
    let done = false
    const reading = parseApart(large, { signal }).finally(() => (done = true))
    while (!done) {
      await setImmediate()
      turns += 1
    }
    expect(whole(await reading)).toEqual(read(large))
    expect(turns).toBeGreaterThan(20)
  })

  test.each([
    ['cut off', large.slice(0, -100)],
    ['with a document type', large.replace('<FlexQueryResponse', '<!DOCTYPE x><FlexQueryResponse')],
    ['that is none', `<Other>${large}</Other>`],
  ])('%s is refused in the same words', async (_, xml) => {
    const failure = await failureOf(() => parseApart(xml, { signal }))
    expect(failure).toMatchObject({ code: 'broker/unreadable' })
    expect(failure).toEqual(await failureOf(() => parseFlexStatement(xml)))
  })

  test('is given up when nobody waits for it any more', async () => {
    const stop = new AbortController()
    const reading = failureOf(() => parseApart(large, stop))
    stop.abort()
    expect(await reading).toMatchObject({ code: 'app/canceled' })
    expect(await failureOf(() => parseApart(large, stop))).toMatchObject({ code: 'app/canceled' })
  })
})

test('the thread’s script lies beside its source, and beside the entry of a build, which bundles it', () => {
  const source = parseScript(new URL('../../../../electron/core/brokers/ibkr/flex/parse-thread.ts', import.meta.url).href)
  expect(existsSync(source)).toBe(true)
  expect(parseScript('file:///app/out/headless/chunks/client-a1.js').href).toBe('file:///app/out/headless/flex-worker.js')
  const config = readFileSync(new URL('../../../../electron.vite.config.ts', import.meta.url), 'utf8')
  expect(config).toContain("'flex-worker': here('electron/core/brokers/ibkr/flex/parse-worker.ts')")
})

test('a small one needs no thread, and fails as it does', async () => {
  expect(await parseApart(statement(2), { signal })).toEqual({ statements: parseFlexStatement(statement(2)) })
  expect(await failureOf(() => parseApart('<Other/>', { signal }))).toEqual(await failureOf(() => parseFlexStatement('<Other/>')))
})
