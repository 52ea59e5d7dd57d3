import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { accountsOf } from '../../../electron/core/store/accounts.ts'
import { toActivityId } from '../../../electron/core/store/activity-rows.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { beginForgetting, forgetSome } from '../../../electron/core/store/delete-history.ts'
import { entryPage, insertEntry } from '../../../electron/core/store/journal.ts'
import { linkOfActivity } from '../../../electron/core/store/journal-links.ts'
import {
  addOpening,
  methods,
  overrideOf,
  setMethod,
  setOverride,
  setPicks,
  toldOpenings,
} from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { adopt, connection, type Row, save, withAccounts } from './support.ts'

const ROWS = 6
type ActivityStatus = Row['facts']['status']
const DAY = LocalDate.of('2026-03-12')

function fill(accountId: Row['accountId'], at: number, status: ActivityStatus, price: string): Row {
  return {
    accountId,
    raw: '{}',
    facts: {
      externalId: `fill-${at}`,
      kind: 'trade',
      brokerType: 'FILL',
      executedAt: null,
      tradeDate: DAY,
      symbol: 'KO',
      assetClass: 'equity',
      side: at % 2 === 0 ? 'buy' : 'sell',
      positionEffect: null,
      quantity: Dec.of('1'),
      price: Dec.of(price),
      amount: null,
      fees: Dec.zero,
      currency: 'USD',
      orderId: null,
      description: null,
      status,
    },
  }
}

type Word = 'note' | 'override' | 'picks' | 'opening' | 'method'
type Step =
  | { readonly kind: 'say'; readonly word: Word; readonly row: number }
  | { readonly kind: 'sync' | 'forget' | 'forget-slowly' }
  | { readonly kind: 'correct' | 'cancel'; readonly row: number }

const row = fc.nat({ max: ROWS - 1 })
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('say' as const), word: fc.constantFrom<Word>('note', 'override', 'picks', 'opening', 'method'), row }),
    fc.record({ kind: fc.constantFrom('sync' as const, 'forget' as const, 'forget-slowly' as const) }),
    fc.record({ kind: fc.constantFrom('correct' as const, 'cancel' as const), row }),
  ),
  { minLength: 3, maxLength: 14 },
)

/** One account and the broker's rows of it, which it tells again whenever the account is read. */
function world(db: Db): { readonly act: (step: Step) => void } {
  withAccounts(db, { con_0: ['1001'] })
  const told = Array.from({ length: ROWS }, () => ({ status: 'final' as ActivityStatus, price: '10' }))
  let [generation, said] = [0, 0]
  const held = (): ReturnType<typeof accountsOf>[number] => {
    const [account] = accountsOf(db.reader, `con_${generation}` as ConnectionId)
    if (!account) throw new Error('no account')
    return account
  }
  const number = (): number => db.raw.prepare('SELECT n FROM accounts WHERE id = ?').pluck().get(held().id) as number
  const sync = (): void =>
    void save(
      db,
      told.map(({ status, price }, at) => fill(held().id, at, status, price)),
    )
  function say(word: Word, at: number): void {
    said += 1
    const [account, id] = [number(), `fill-${at}`]
    if (word === 'override') setOverride(db.writer, account, id, { price: Dec.of(String(said)) }, AT)
    if (word === 'picks') setPicks(db.writer, account, id, [{ lot: `fill-${said % ROWS}`, quantity: Dec.of('1') }])
    if (word === 'method') setMethod(db.writer, account, said % 2 === 0 ? 'lifo' : 'hifo')
    if (word === 'opening')
      addOpening(db.writer, account, {
        id: `lot_${said}`,
        symbol: 'KO',
        currency: 'USD',
        day: DAY,
        quantity: Dec.of(String(said)),
        price: null,
        note: 'mine',
        createdAt: AT,
      })
    if (word === 'note') {
      const activity = db.raw.prepare('SELECT id FROM activities WHERE account = ? AND external_id = ?').pluck().get(account, id) as number
      const subject = { kind: 'activity' as const, link: linkOfActivity(db.reader, toActivityId(activity)), tripId: null }
      insertEntry(db.writer, {
        id: `jrn_${said}`,
        day: DAY,
        subject,
        title: '',
        text: `note ${said}`,
        tags: [`tag${said}`],
        rating: 3,
        isDraft: false,
        at: AT,
      })
    }
  }
  function forget(isSlow: boolean): void {
    const ended = `con_${generation}` as ConnectionId
    const finish = (): void => {
      while (forgetSome(db.writer, ended));
    }
    db.writer.tx(w => beginForgetting(w, ended))
    if (!isSlow) finish()
    generation += 1
    insertConnection(db.writer, connection(`con_${generation}`))
    adopt(db, `con_${generation}` as ConnectionId, ['1001'])
    sync()
    if (isSlow) finish()
  }
  sync()
  return {
    act(step) {
      if (step.kind === 'say') return say(step.word, step.row)
      if (step.kind === 'sync') return sync()
      if (step.kind === 'forget' || step.kind === 'forget-slowly') return forget(step.kind === 'forget-slowly')
      if (step.kind !== 'correct' && step.kind !== 'cancel') return
      told[step.row] = step.kind === 'correct' ? { status: 'corrected', price: '11' } : { status: 'canceled', price: '10' }
      sync()
    },
  }
}

/** Everything the user said, by the broker's ids. */
function words(db: Db): unknown {
  const accounts = db.raw.prepare('SELECT n FROM accounts').pluck().all() as number[]
  const externalId = db.raw.prepare('SELECT external_id FROM activities WHERE id = ?').pluck()
  return {
    overrides: accounts.flatMap(n => Array.from({ length: ROWS }, (_, at) => overrideOf(db.reader, n, `fill-${at}`))),
    picks: db.raw.prepare('SELECT external_id, picks FROM lot_picks ORDER BY 1').all(),
    openings: toldOpenings(db.reader),
    methods: methods(db.reader),
    notes: entryPage(db.reader, { limit: 50 }).rows.map(({ subject, ...entry }) => ({
      ...entry,
      about: subject.kind === 'activity' ? externalId.get(Number(/\d+/.exec(subject.activityId)?.[0])) : subject.kind,
    })),
  }
}

test('notes, tags, overrides, picks, lots and methods outlive every sync, correction and cancellation, and a deleted history once its account is read again', () => {
  fc.assert(
    fc.property(steps, plan => {
      const db = tempDatabase()
      const { act } = world(db)
      let said = words(db)
      for (const step of plan) {
        act(step)
        if (step.kind === 'say') said = words(db)
        expect(words(db)).toEqual(said)
      }
      expect(db.raw.pragma('foreign_key_check')).toEqual([])
    }),
    { numRuns: 20 },
  )
})
