import { AppError } from '../../../shared/contract/errors.ts'
import type { DriftView } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import { formatQuantity } from '../../../shared/words/decimal.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Writer } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Random } from '../ports.ts'
import type { FixPart, FixPlan, OpensShort, TakesBack } from '../reconciliation/facts.ts'
import { acceptDrift, differenceOf, driftById, driftsOf, isAccepted, reconciledAt, type StoredDrift } from '../store/drifts.ts'
import { accountNumber } from '../store/ledger-scope.ts'
import { tellShort } from '../store/short-sales.ts'
import { toldOpening } from '../store/ledger-words.ts'
import { addFixes, fixesOf, groupOf, removeFix, type StoredFix } from '../store/reconciliation-fixes.ts'
import { reconcileAccount, reconcileConnection, type ReconcileDeps } from './reconcile.ts'

export interface ReconciliationDeps extends ReconcileDeps {
  readonly random: Random
  readonly events: Pick<Events, 'emit' | 'subscribe'>
  readonly log: Log
  /** Runs a small write while no long one is under way. */
  readonly between: <T>(run: () => T) => Promise<T>
  /** Resolves once the ledger has seen every change made until now. */
  readonly ledgerCurrent: () => Promise<void>
  readonly sync: (connectionId: ConnectionId, signal: AbortSignal) => Promise<unknown>
}

type ReconciliationHandlers = Pick<
  Handlers,
  'reconciliation.drifts' | 'reconciliation.fix' | 'reconciliation.accept' | 'reconciliation.undoFix' | 'reconciliation.fixes'
>

export interface Reconciliation {
  readonly handlers: ReconciliationHandlers
  /** Holds the accounts of a connection against its broker; to be called when the ledger is current. */
  check(connectionId: ConnectionId): Promise<void>
  /** Looks no more by itself; resolves when the last look has ended. */
  stop(): Promise<void>
}

/**
 * Where ledger and brokers differ, what can be done about it, and how that is taken back. It looks again by itself whenever the ledger
 * changed: by a file, or by what the user says about rows and lots.
 */
export function createReconciliation(deps: ReconciliationDeps): Reconciliation {
  const { db, between } = deps
  const changed = (): void => deps.events.emit({ type: 'reconciliation.changed' })
  let looking: Promise<void> = Promise.resolve()
  let isWaiting = false
  const stopListening = deps.events.subscribe(({ type }) => {
    if (type !== 'ledger.changed' || isWaiting) return
    isWaiting = true
    looking = between(() => {
      isWaiting = false
      return [...reconciledAt(db.reader).keys()].map(id => reconcileAccount(deps, id)).some(Boolean)
    }).then(
      any => (any ? changed() : undefined),
      (cause: unknown) => deps.log.warn('reconciliation.failed', { cause: cause instanceof Error ? cause.message : null }),
    )
  })
  async function look(accountId: AccountId): Promise<void> {
    await deps.ledgerCurrent()
    await between(() => reconcileAccount(deps, accountId))
    changed()
  }
  const known = (id: string): StoredDrift<FixPlan> => {
    const drift = driftById<FixPlan>(db.reader, id)
    if (!drift) throw new AppError('app/not-found')
    return drift
  }
  return {
    async check(connectionId) {
      if (await between(() => reconcileConnection(deps, connectionId))) changed()
    },
    stop() {
      stopListening()
      return looking
    },
    handlers: {
      'reconciliation.drifts': ({ accountId }) => driftsOf<FixPlan>(db.reader, accountId).map(toView),
      async 'reconciliation.fix'({ id }, { signal }) {
        const seen = known(id)
        const { accountId, connectionId, fix } = seen
        if (!fix) throw new AppError('app/not-found')
        if (fix.parts.length > 0 || fix.takesBack || fix.opensShort) await settle(deps, seen)
        else await deps.sync(connectionId, signal)
        await look(accountId)
        return { isGone: driftById(db.reader, id) === null }
      },
      async 'reconciliation.accept'({ id }) {
        const drift = known(id)
        await between(() => acceptDrift(db.writer, id, differenceOf(drift)))
        changed()
        return {}
      },
      async 'reconciliation.undoFix'({ id }) {
        const accountId = await between(() => db.writer.tx(w => removeFix(w, id)))
        if (accountId === null) throw new AppError('app/not-found')
        await look(accountId)
        return {}
      },
      'reconciliation.fixes': () => fixViews(fixesOf(db.reader)),
    },
  }
}

/** How often a fix waits for the ledger before it is left: a sync may bring more each time. */
const TURNS = 3

/**
 * Carries a fix out if the account still differs by what the user saw: the missing row may have come while the click waited, or another
 * window may have settled it.
 */
async function settle(deps: ReconciliationDeps, seen: StoredDrift<FixPlan>): Promise<void> {
  const { db, between, ledgerCurrent } = deps
  for (let turn = 0; turn < TURNS; turn += 1) {
    await ledgerCurrent()
    const isKnown = await between(() => {
      if (!reconcileAccount(deps, seen.accountId)) return false
      const drift = driftById<FixPlan>(db.reader, seen.id)
      if (drift?.fix && differenceOf(drift) === differenceOf(seen)) book(deps, drift, drift.fix)
      return true
    })
    if (isKnown) return
  }
}

function book(deps: ReconciliationDeps, { accountId, since }: StoredDrift<FixPlan>, fix: FixPlan): void {
  const { takesBack, opensShort } = fix
  deps.db.writer.tx(w => {
    if (opensShort) tellSales(w, deps, accountId, opensShort)
    else if (takesBack) takeOut(w, deps, accountId, takesBack)
    else addFixes(w, storedParts(deps, { accountId, since }, fix))
  })
}

/** Takes away what the user added: a fix as by its undo, a lot of his own so that it can be put back. */
function takeOut(writer: Writer, { random, clock }: ReconciliationDeps, accountId: AccountId, { kind, id }: TakesBack): void {
  if (kind === 'fix') return void removeFix(writer, id)
  const lot = toldOpening(writer, id)
  if (!lot) return
  const { symbol, currency, day, quantity, price, note, createdAt, assetClass, multiplier } = lot
  const label = `Took the opening lot of ${formatQuantity(quantity)} ${symbol} out`
  const detail = { label, assetClass: null, price, lot: { id, note, createdAt, assetClass, multiplier } }
  addFixes(writer, [
    {
      id: `${newGroup(random)}/0`,
      accountId,
      word: 'lot-taken-out',
      symbol,
      currency,
      amount: Dec.neg(quantity),
      day,
      detail,
      at: clock.now(),
    },
  ])
}

function tellSales(writer: Writer, { clock }: ReconciliationDeps, accountId: AccountId, { symbol, rows }: OpensShort): void {
  const account = accountNumber(writer, accountId)
  if (account === null) return
  for (const externalId of rows) tellShort(writer, account, { externalId, symbol }, clock.now())
}

function newGroup(random: Random): string {
  return `fix_${Buffer.from(random.bytes(12)).toString('hex')}`
}

function storedParts(
  { random, clock }: ReconciliationDeps,
  { accountId, since }: Pick<StoredDrift<FixPlan>, 'accountId' | 'since'>,
  { label, parts }: FixPlan,
): StoredFix[] {
  const group = newGroup(random)
  const at = clock.now()
  return parts.map((part, index) => ({ id: `${group}/${index}`, accountId, at, ...storedPart(part, label, since) }))
}

function storedPart(part: FixPart, label: string, since: Instant): Omit<StoredFix, 'id' | 'accountId' | 'at'> {
  const { currency, day } = part
  if (part.kind === 'cash')
    return { word: part.what, symbol: null, currency, amount: part.amount, day, detail: { label, assetClass: null, price: null, since } }
  const { symbol, quantity, price } = part
  const word = part.kind === 'lot' ? 'lot' : part.what
  return {
    word,
    symbol,
    currency,
    amount: quantity,
    day,
    detail: { label, assetClass: part.kind === 'lot' ? null : part.assetClass, price },
  }
}

/** One line a fix: its first part speaks for it. */
function fixViews(fixes: readonly StoredFix[]) {
  const seen = new Set<string>()
  return fixes.flatMap(({ id, accountId, word, symbol, currency, amount, day, detail, at }) => {
    const group = groupOf(id)
    if (seen.has(group)) return []
    seen.add(group)
    return [{ id: group, accountId, kind: word, symbol, currency, amount, day, label: detail.label, at }]
  })
}

function toView(drift: StoredDrift<FixPlan>): DriftView {
  const { id, accountId, connectionId, kind, symbol, currency, ledger, broker, reason, sentence, fix, since, checkedAt, asOf } = drift
  return {
    id,
    accountId,
    connectionId,
    kind,
    symbol,
    currency,
    ledger,
    broker,
    difference: differenceOf(drift),
    reason,
    sentence,
    fix: fix && { kind: fix.kind, label: fix.label, detail: fix.detail },
    since,
    checkedAt,
    asOf,
    accepted: isAccepted(drift),
  }
}
