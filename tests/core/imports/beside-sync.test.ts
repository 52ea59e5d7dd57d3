import { describe, expect, test } from 'vitest'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'
import { exportOf } from './support/schwab-file.ts'

async function trades(app: TestCore): Promise<ActivityRow[]> {
  const rows: ActivityRow[] = []
  for (let after: string | undefined; ;) {
    const page = await app.call('activities.page', { kinds: ['trade'], limit: 500, ...(after ? { after } : {}) })
    rows.push(...page.rows)
    if (page.next === null) return rows
    after = page.next
  }
}

async function connected(app: TestCore) {
  const connectionId = await app.connect('schwab')
  const accountId = (await app.call('connections.list', {}))[0]?.accounts[0]?.id ?? ''
  return { connectionId, accountId }
}

/** What Schwab would export for the first account of a fresh sign-in, and how many trades it has at all. */
async function told(): Promise<{ readonly text: string; readonly all: number }> {
  await using app = await testCore()
  const { connectionId, accountId } = await connected(app)
  await app.call('sync.run', { connectionId })
  const rows = await trades(app)
  return { text: exportOf(rows.filter(row => row.accountId === accountId)), all: rows.length }
}

describe('a file imported while its account is synced', () => {
  test.each(['the file first', 'the sync first'])('ends with every trade once, %s', async order => {
    const { text, all } = await told()
    await using app = await testCore()
    const { connectionId, accountId } = await connected(app)
    const { previewId } = await app.call('imports.preview', {
      fileName: 'a.csv',
      text,
      broker: 'schwab',
      environment: 'live',
      account: { kind: 'existing', accountId },
    })
    const sync = () => app.call('sync.run', { connectionId })
    const commit = () => app.call('imports.commit', { previewId, include: 'new' })
    await Promise.all(order === 'the file first' ? [commit(), sync()] : [sync(), commit()])
    expect(await trades(app)).toHaveLength(all)
  })
})

describe('what stands in a file', () => {
  test('is never in the log, whatever is wrong with it', async () => {
    const canary = 'canary-7f3a-secret'
    await using app = await testCore()
    const header = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"'
    const texts = [
      `${header}\n"03/12/2026","Buy","KO","${canary}","10","${canary}","","-$610"\n`,
      `${header}\n"${canary}`,
      `${canary},${canary},${canary}\n`,
      `[{"transactionId":"${canary}","transactionItem":{${canary}`,
      `<FlexQueryResponse><FlexStatements><${canary} a="${canary}"`,
      `<OFX><${canary}>${canary}</OFX>`,
      `Statement,Header,Field Name,Field Value\n${canary},Data,1\n`,
      `${header}\n"03/12/2026","Buy","KO","${canary}","10","$61","","-$610"\n`,
    ]
    for (const text of texts) {
      for (const broker of ['schwab', 'ibkr', 'tdameritrade'] as const) {
        await app
          .call('imports.preview', {
            fileName: `${canary}.csv`,
            text,
            broker,
            environment: 'live',
            account: { kind: 'new', name: canary, number: `${canary}1`, currency: 'USD' },
          })
          .then(
            ({ previewId }) => app.call('imports.commit', { previewId, include: 'new-and-unknown' }),
            () => null,
          )
      }
    }
    expect(await app.call('imports.list', {})).not.toEqual([])
    expect(app.ports.records.length).toBeGreaterThan(texts.length)
    expect(JSON.stringify(app.ports.records)).not.toContain(canary)
  })
})
