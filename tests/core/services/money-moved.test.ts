import { describe, expect, test } from 'vitest'
import { createLog } from '../../../electron/core/log/log.ts'
import { createReconciliation } from '../../../electron/core/services/reconciliation.ts'
import { lossToday } from '../../../electron/core/orders/loss-today.ts'
import { driftsOf } from '../../../electron/core/store/drifts.ts'
import { setOverride } from '../../../electron/core/store/ledger-words.ts'
import { fixesOf } from '../../../electron/core/store/reconciliation-fixes.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { d, house, THURSDAY, TODAY } from './support/portfolio-house.ts'

type House = ReturnType<typeof house>

/** What today's limit of losses takes for lost when the account is worth this. */
const lostAt = ({ db, first }: House, worth: string): Dec | null =>
  lossToday(db.reader, { id: first, currency: 'USD' }, { balances: [{ currency: 'USD', netLiquidation: d(worth) }], positions: [] }, AT)
const dayOf = ({ look }: House) => look().totals[0]?.day

const clock = { now: () => AT, monotonicMs: () => 0, after: () => () => undefined }

/** The service over a house; `meanwhile` happens once, while a click waits for its turn. */
function reconciliation({ db, compute }: House, meanwhile: () => void = () => undefined) {
  let isNext = false
  const { handlers } = createReconciliation({
    db,
    clock,
    brokerName: id => id,
    random: fakePorts('/nowhere').random,
    events: { emit: () => undefined, subscribe: () => () => undefined },
    log: createLog(() => undefined, clock),
    ledgerCurrent: async () => compute(),
    sync: async () => undefined,
    async between(run) {
      if (isNext) {
        isNext = false
        meanwhile()
      }
      return run()
    },
  })
  const { signal } = new AbortController()
  return {
    fix: (id: string) => handlers['reconciliation.fix']({ id }, { signal }),
    /** Clicks, and lets what happens meanwhile happen before the click has its turn. */
    fixLate(id: string) {
      isNext = true
      return handlers['reconciliation.fix']({ id }, { signal })
    },
  }
}

describe('cash swept into the money market fund of the account', () => {
  test.each([
    ['MONEY_MARKET', null],
    ['Sweep', 'CASH SWEEP OUT'],
    ['', 'MONEY MARKET PURCHASE (MMDA1)'],
    ['JRN', 'CASH ALTERNATIVES REDEMPTION'],
  ])('%s %s is no withdrawal: what was lost stays lost', (brokerType, description) => {
    const app = house()
    app.worth(THURSDAY, '10000', '10000')
    app.row({ kind: 'journal', brokerType, description, amount: d('-5000'), tradeDate: TODAY })
    app.worth(AT, '6000', '1000')
    app.compute()
    expect(dayOf(app)).toMatchObject({ amount: '-4000', because: null })
    expect(lostAt(app, '6000')).toBe('4000')
  })

  test('is not what another journal is: money that came from another account is taken out of the day', () => {
    const app = house()
    app.worth(THURSDAY, '10000', '10000')
    app.row({ kind: 'journal', brokerType: 'JOURNAL', description: 'JOURNAL FRM ...42', amount: d('5000'), tradeDate: TODAY })
    app.worth(AT, '15010', '15010')
    app.compute()
    expect(dayOf(app)).toMatchObject({ amount: '10' })
    expect(lostAt(app, '14900')).toBe('100')
  })
})

describe('a row the user took out', () => {
  const twice = (amount: string): House => {
    const app = house()
    app.worth(THURSDAY, '10000', '10000')
    for (const externalId of ['once', 'again']) app.row({ kind: 'transfer', amount: d(amount), tradeDate: TODAY, externalId })
    setOverride(app.db.writer, 1, 'again', { ignored: true }, AT)
    return app
  }

  test('is no deposit of the day either', () => {
    const app = twice('500')
    app.worth(AT, '10525', '10525')
    app.compute()
    expect(dayOf(app)).toMatchObject({ amount: '25', because: null })
  })

  test('hides no loss from the limit: a withdrawal taken out is none, a deposit taken out still is one', () => {
    expect(lostAt(twice('-3000'), '4500')).toBe('2500')
    expect(lostAt(twice('500'), '10525')).toBe('475')
  })
})

describe('money its broker dates on the day of the reading, without a time', () => {
  const withDeposit = (at: string): House => {
    const app = house()
    app.worth(Instant.parse(at), '1000', '1000')
    app.row({ kind: 'transfer', brokerType: 'CSD', amount: d('500'), tradeDate: LocalDate.of('2026-11-19') })
    app.worth(AT, '1500', '1500')
    app.compute()
    return app
  }

  test('makes the day unknown when that reading is of before the close: nobody tells which was first', () => {
    expect(dayOf(withDeposit('2026-11-19T14:31:00Z'))).toMatchObject({
      amount: null,
      because: "Something came in or went out on 19 Nov 2026, and whether before or after that day's value was read is not told.",
    })
  })

  test('is in a reading of after the close', () => {
    expect(dayOf(withDeposit('2026-11-19T21:00:00Z'))).toMatchObject({ amount: '500' })
  })
})

describe('a click that settles a difference of cash', () => {
  const lacking = (at: Instant = THURSDAY): House => {
    const app = house()
    app.row({ kind: 'transfer', amount: d('1000'), tradeDate: LocalDate.of('2024-01-02') })
    app.worth(at, '1000', '1000')
    app.worth(AT, '1500', '1500')
    app.compute()
    app.check()
    return app
  }
  const idOf = ({ db }: House): string => driftsOf(db.reader)[0]?.id ?? ''

  test('takes it out of the day, as the deposit it stands for would be', async () => {
    const app = lacking()
    expect(dayOf(app)).toMatchObject({ amount: '500' })
    expect(await reconciliation(app).fix(idOf(app))).toEqual({ isGone: true })
    expect(dayOf(app)).toMatchObject({ amount: '0' })
  })

  test('leaves a day alone that began after the account differed', async () => {
    const app = lacking()
    await reconciliation(app).fix(idOf(app))
    app.worth(Instant.plus(AT, 60_000), '1510', '1510')
    const monday = Instant.parse('2026-11-23T15:00:00Z')
    app.worth(monday, '1512', '1512')
    expect(app.look(undefined, LocalDate.of('2026-11-23')).totals[0]?.day).toMatchObject({ amount: '2' })
  })

  test('books once, however often it is clicked', async () => {
    const app = lacking()
    const { fix } = reconciliation(app)
    const id = idOf(app)
    expect(await Promise.all([fix(id), fix(id)])).toEqual([{ isGone: true }, { isGone: true }])
    expect(fixesOf(app.db.reader).map(({ amount }) => amount)).toEqual(['500'])
  })

  test('books nothing once the missing row has come while it waited', async () => {
    const app = lacking()
    const { fixLate } = reconciliation(app, () => {
      app.row({ kind: 'dividend', amount: d('500'), tradeDate: TODAY })
      app.compute()
    })
    expect(await fixLate(idOf(app))).toEqual({ isGone: true })
    expect(fixesOf(app.db.reader)).toEqual([])
  })

  test('books nothing while the account differs by something else than was seen', async () => {
    const app = lacking()
    const { fixLate } = reconciliation(app, () => {
      app.row({ kind: 'dividend', amount: d('100'), tradeDate: TODAY })
      app.compute()
    })
    expect(await fixLate(idOf(app))).toEqual({ isGone: false })
    expect(fixesOf(app.db.reader)).toEqual([])
    expect(driftsOf(app.db.reader)).toMatchObject([{ ledger: '1100', broker: '1500' }])
  })
})
