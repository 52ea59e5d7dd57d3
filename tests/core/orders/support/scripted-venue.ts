import path from 'node:path'
import type { BrokerOrder } from '../../../../electron/core/brokers/adapter.ts'
import { brokers } from '../../../../electron/core/brokers/registry.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import { createKillSwitch, type KillSwitch } from '../../../../electron/core/orders/kill-switch.ts'
import type { OrderCore } from '../../../../electron/core/orders/record.ts'
import { createResolver, type Resolver } from '../../../../electron/core/orders/resolve.ts'
import { createSubmit, type Submit } from '../../../../electron/core/orders/submit.ts'
import type { OrderVenue } from '../../../../electron/core/orders/venues.ts'
import { insertConnection } from '../../../../electron/core/store/connections.ts'
import { insertIntent, settleIntent } from '../../../../electron/core/store/order-intents.ts'
import type { Db } from '../../../../electron/core/db/open.ts'
import type { AccountId } from '../../../../shared/domain/ids.ts'
import type { OrderDraft, PlacedOrder } from '../../../../shared/domain/order.ts'
import { tempFolder } from '../../../support/data-folder.ts'
import { fakePorts } from '../../../support/fake-ports.ts'
import { type VirtualClock, virtualClock } from '../../../support/virtual-clock.ts'
import { adopt, connection } from '../../store/support.ts'
import { openDesk } from './audit-desk.ts'
import { limitDraft } from './order-books.ts'

const { random } = fakePorts('unused')

export interface ScriptedVenue {
  readonly db: Db
  readonly clock: VirtualClock
  readonly core: OrderCore
  readonly kill: KillSwitch
  readonly killFile: string
  readonly submit: Submit
  readonly resolver: Resolver
  readonly accountId: AccountId
  readonly venue: OrderVenue
  /** What the broker lists, each from a moment of the clock on. */
  readonly shown: { readonly from: number; readonly order: BrokerOrder }[]
  /** How many of the next readings come from an old copy without anything. */
  readonly stale: { reads: number }
  /** What the broker does with an order; to be replaced by a test. */
  readonly script: { place: (draft: OrderDraft, signal: AbortSignal) => Promise<PlacedOrder> }
  /** Drafts that were sent. */
  readonly sent: OrderDraft[]
}

/** A broker that does what a test says, below the real sending and looking over a real database. Its rules are those of `like`. */
export async function scriptedVenue(like: 'alpaca' | 'ibkr' = 'alpaca'): Promise<ScriptedVenue> {
  const folder = tempFolder()
  const { db, audit } = await openDesk(folder)
  const clock = virtualClock()
  const log = createLog(() => undefined, clock)
  insertConnection(db.writer, connection('con_a'))
  const [account] = adopt(db, connection('con_a').id, ['111'])
  if (!account) throw new Error('no account')
  const shown: ScriptedVenue['shown'] = []
  const stale = { reads: 0 }
  const sent: OrderDraft[] = []
  const script: ScriptedVenue['script'] = {
    place: ({ clientOrderId }) => Promise.resolve({ externalId: clientOrderId, status: 'working', statusText: 'new' }),
  }
  const list = (): BrokerOrder[] => {
    if (stale.reads === 0) return shown.filter(({ from }) => clock.monotonicMs() >= from).map(({ order }) => order)
    stale.reads -= 1
    return []
  }
  const trading = {
    placeOrder(_: string, draft: OrderDraft, { signal }: { readonly signal: AbortSignal }) {
      sent.push(draft)
      return script.place(draft, signal)
    },
  }
  // Only what sending and looking ask for is there.
  const venue = {
    account,
    connection: connection('con_a'),
    broker: brokers[like],
    adapter: { orders: () => Promise.resolve(list()) },
    trading,
  } as unknown as OrderVenue
  const core: OrderCore = { db, clock, random, log, audit, between: async run => run(), emit: () => undefined, aheadMs: () => 0 }
  const killFile = path.join(folder, 'kill-switch')
  const kill = createKillSwitch({ db, file: killFile, clock, log })
  const submit = createSubmit({ core, kill, power: clock.power, isLocked: () => false, onOutcome: () => undefined })
  const venues = { of: () => Promise.resolve(venue), forOrders: () => Promise.resolve(venue) }
  const resolver = createResolver(core, { venues, onOutcome: () => undefined, isUnderWay: submit.isUnderWay })
  return { db, clock, core, kill, killFile, submit, resolver, accountId: account.id, venue, shown, stale, script, sent }
}

/** Writes down an order of which nobody knows what became; answers its intent. */
export function sendInDoubt({ db, clock, accountId }: Pick<ScriptedVenue, 'db' | 'clock' | 'accountId'>): string {
  const id = `int_${random.uuid()}`
  const at = clock.now()
  const clientOrderId = random.uuid()
  insertIntent(db.writer, {
    id,
    accountId,
    connectionId: connection('con_a').id,
    environment: 'paper',
    kind: 'place',
    clientOrderId,
    draft: limitDraft({ clientOrderId }),
    ticket: null,
    hash: '',
    target: null,
    createdAt: at,
    sentAt: at,
  })
  settleIntent(db.writer, id, { outcome: 'unknown', externalId: null, status: null, error: null, at })
  return id
}
