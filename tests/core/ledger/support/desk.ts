import type { Db } from '../../../../electron/core/db/open.ts'
import { createLedgerWork, type LedgerWork } from '../../../../electron/core/ledger/work.ts'
import type { ActivityFacts } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../../shared/domain/ids.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { tempDatabase } from '../../../support/data-folder.ts'
import { type Row, withAccounts } from '../../store/support.ts'

/** An account with a history to write, and the ledger that follows it. */
export interface Desk {
  readonly db: Db
  readonly work: LedgerWork
  /** A row of the first account, or of another by its number from 1; ten AAPL bought at 5 on March 3, but for what is told. */
  readonly row: (facts: Partial<ActivityFacts> & Pick<ActivityFacts, 'externalId'>, account?: number) => Row
}

export function desk(): Desk {
  const db = tempDatabase()
  const accounts = withAccounts(db, { con_1: ['1001', '2002'] })
  const own = (number: number): AccountId => {
    const account = accounts[number - 1]
    if (!account) throw new Error('no such account')
    return account
  }
  return {
    db,
    work: createLedgerWork(db.writer),
    row: (facts, account = 1) => ({
      accountId: own(account), raw: '{}',
      facts: {
        kind: 'trade', brokerType: 'FILL', symbol: 'AAPL', assetClass: 'equity', side: 'buy', positionEffect: null, quantity: Dec.of('10'), price: Dec.of('5'), amount: null, fees: Dec.zero,
        currency: 'USD', executedAt: null, tradeDate: LocalDate.of('2025-03-03'), orderId: null, description: null, status: 'final', ...facts,
      },
    }),
  }
}

type Told = Partial<ActivityFacts> & Pick<ActivityFacts, 'externalId'>

export const buy = (externalId: string, day: string, more: Partial<ActivityFacts> = {}): Told => ({ externalId, tradeDate: LocalDate.of(day), ...more })

/** A sale at 8. */
export const sale = (externalId: string, day: string, more: Partial<ActivityFacts> = {}): Told => buy(externalId, day, { side: 'sell', price: Dec.of('8'), ...more })

/** The first word of the first row a query finds. */
export const word = (db: Db, query: string): unknown => db.raw.prepare(query).pluck().get()

/** Notes what is written from here on: lots by place and key, books, trips, marks of instruments, exchanges that are forgotten. */
export function watched(db: Db): () => string[] {
  db.raw.exec(`
    CREATE TABLE written (n INTEGER PRIMARY KEY, what TEXT NOT NULL);
    CREATE TRIGGER lot_put AFTER INSERT ON ledger_lots BEGIN INSERT INTO written (what) VALUES ('lot ' || NEW.key || ' at ' || NEW.place); END;
    CREATE TRIGGER lot_gone AFTER DELETE ON ledger_lots BEGIN INSERT INTO written (what) VALUES ('no lot ' || OLD.key); END;
    CREATE TRIGGER trip_put AFTER INSERT ON ledger_trips BEGIN INSERT INTO written (what) VALUES ('trip ' || NEW.trip); END;
    CREATE TRIGGER trip_changed AFTER UPDATE ON ledger_trips BEGIN INSERT INTO written (what) VALUES ('trip ' || NEW.trip); END;
    CREATE TRIGGER trip_gone AFTER DELETE ON ledger_trips BEGIN INSERT INTO written (what) VALUES ('no trip ' || OLD.trip); END;
    CREATE TRIGGER book_put AFTER UPDATE ON ledger_books BEGIN INSERT INTO written (what) VALUES ('book ' || NEW.symbol || ' in ' || NEW.currency); END;
    CREATE TRIGGER mark_put AFTER INSERT ON ledger_dirty BEGIN INSERT INTO written (what) VALUES ('mark ' || NEW.symbol); END;
    CREATE TRIGGER exchange_gone AFTER DELETE ON ledger_exchanges BEGIN INSERT INTO written (what) VALUES ('no exchange'); END;
  `)
  return () => {
    const all = db.raw.prepare('SELECT what FROM written ORDER BY n').pluck().all().map(String)
    db.raw.exec('DELETE FROM written')
    return all
  }
}
