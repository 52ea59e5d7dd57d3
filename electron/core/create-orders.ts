import path from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { KILL_FILE, type orderRoutes } from '../../shared/contract/orders.ts'
import type { Events } from './bus/events.ts'
import type { Handlers } from './bus/router.ts'
import type { Access } from './create-access.ts'
import type { Db } from './db/open.ts'
import type { LedgerKeeper } from './ledger/keeper.ts'
import type { Log } from './log/log.ts'
import type { Redactor } from './log/redact.ts'
import type { AppraiseDeps } from './orders/appraise.ts'
import { createArming } from './orders/arming.ts'
import { auditHandlers, openAudit } from './orders/audit.ts'
import { createCancel } from './orders/cancel.ts'
import { createYes } from './orders/consent.ts'
import { createFollowUp } from './orders/followup.ts'
import { createGate } from './orders/gate.ts'
import { createKillSwitch } from './orders/kill-switch.ts'
import { createPlace } from './orders/place.ts'
import { createReadiness } from './orders/readiness.ts'
import type { OrderCore } from './orders/record.ts'
import { createRequests } from './orders/requests.ts'
import { createResolver } from './orders/resolve.ts'
import { createReviews } from './orders/reviews.ts'
import { createSubmit } from './orders/submit.ts'
import { createSwitches } from './orders/switches.ts'
import { createVenues } from './orders/venues.ts'
import type { Ports } from './ports.ts'
import { createOrderHandlers } from './services/orders.ts'
import type { Intent } from './store/order-intents.ts'
import type { Sync } from './sync/sync.ts'
import type { HistoryWriter } from './sync/writer.ts'
import type { OpenVault } from './vault/data-key.ts'

type OrderRoute = keyof typeof orderRoutes

export interface OrderPartDeps {
  readonly ports: Ports
  readonly log: Log
  readonly db: Db
  readonly vault: OpenVault
  readonly events: Events
  readonly redactor: Redactor
  readonly access: Access
  readonly sync: Pick<Sync, 'run' | 'onResult'>
  readonly writer: Pick<HistoryWriter, 'between'>
  readonly ledger: Pick<LedgerKeeper, 'settle'>
  /** True while the app lock is closed. */
  readonly isLocked: () => boolean
}

export interface OrderParts {
  readonly handlers: Pick<Handlers, OrderRoute>
  /** What is wrong with the record of orders; null while nothing is known to be. */
  readonly recordProblem: () => string | null
  /** Finds out what became of what was being sent when the app ended. In the background it also looks for it, and reads what orders are measured by. */
  start(background: boolean): void
  /** Stops what has not left, and waits for the answers of what has. */
  stop(): Promise<void>
}

/** Wires ordering: switches, reviews, the one way to send, what became of it, and the record of it all. */
export function createOrderParts(deps: OrderPartDeps): OrderParts {
  const { ports, log, db, vault, events, redactor, access, sync, writer, isLocked } = deps
  const { clock, random } = ports
  const { desk, adapterFor } = access
  const yes = createYes({ consent: ports.consent, isLocked })
  const audit = openAudit({ ports, db, vault, log, redactor, onProblem: () => events.emit({ type: 'orders.changed' }) })
  const core: OrderCore = { db, clock, random, log, audit, between: writer.between, emit: events.emit, aheadMs: access.skew.correctionMs, isTimeKnown: () => access.skew.current().driftMs !== null }
  const kill = createKillSwitch({ db, file: path.join(ports.paths.dataDir, KILL_FILE), clock, log })
  const gate = createGate(db)
  const arming = createArming()
  const switches = createSwitches({ reader: db.reader, broker: desk.broker, adapterFor })
  const venues = createVenues({ reader: db.reader, broker: desk.broker, adapterFor, ensureSandbox: access.sandbox.ensure })
  const appraising: AppraiseDeps = { core, kill, gate, arming, switches, profile: desk.profile }
  const followUp = createFollowUp({ db, clock, log, between: writer.between, emit: events.emit, venues, sync })
  const onOutcome = (intent: Intent): void => {
    if (intent.outcome === 'unknown' || intent.outcome === 'sending') resolver.watch(intent)
    else if (intent.outcome === 'confirmed') followUp.after(intent)
  }
  const submit = createSubmit({ core, power: ports.power, kill, isLocked, onOutcome })
  const resolver = createResolver(core, { venues, onOutcome, isUnderWay: id => submit.isUnderWay(id) })
  const cancel = createCancel(appraising, { venues, onOutcome })
  const reviews = createReviews(appraising, { venues, settleBooks: deps.ledger.settle })
  const place = createPlace(appraising, { reviews, submit })
  const requests = createRequests(core, { reviews, place, switches })
  const readiness = createReadiness({ core, gate, switches, venues, sync, onOutcome })
  const forget = [
    vault.onChange(audit.settle),
    events.subscribe(event => {
      if (event.type === 'connections.changed') event.connectionIds.forEach(readiness.connectionChanged)
    }),
  ]
  return {
    handlers: {
      ...createOrderHandlers({
        core,
        yes,
        broker: desk.broker,
        kill,
        gate,
        arming,
        switches,
        venues,
        reviews,
        place,
        cancel,
        requests,
        resolver,
        readiness,
      }),
      ...auditHandlers(audit, yes),
    },
    recordProblem: () => audit.problem()?.sentence ?? null,
    start(background) {
      requests.start()
      readiness.start(background)
      if (background)
        void audit
          .verify()
          .catch((cause: unknown) => log.warn('audit.not-verified', { cause: cause instanceof AppError ? cause.code : cause }))
    },
    async stop() {
      for (const end of forget) end()
      await submit.close()
      await cancel.close()
      await resolver.stop()
      await followUp.stop()
      await readiness.stop()
      audit.close()
    },
  }
}
