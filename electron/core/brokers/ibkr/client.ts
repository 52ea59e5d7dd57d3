import type { BrokerSession, MethodSession } from '../adapter.ts'
import type { AdapterCalls } from '../lazy-adapter.ts'
import { createComposite } from './composite.ts'
import { twsAddress } from './tws-address.ts'
import type { Way } from './way.ts'

/** All ways in of one IBKR connection. Only the code of those it has is loaded. */
export async function createClient(session: BrokerSession): Promise<AdapterCalls> {
  const paper = session.environment !== 'live'
  const ways = await Promise.all(session.methods.map(way => liveWay(session, way, paper)))
  const flex = session.methods.find(({ method }) => method === 'flex')
  return createComposite({
    live: ways.filter(way => way !== null),
    flex: flex ? (await import('./flex/client.ts')).createFlexWay(session, flex, paper) : null,
    report: (method, failure) => session.methods.find(way => way.method === method)?.report(failure),
  })
}

async function liveWay(session: BrokerSession, way: MethodSession, paper: boolean): Promise<Way | null> {
  if (way.method === 'tws') return (await import('./tws/client.ts')).createTwsWay(session, way, { ...twsSettings(way), paper })
  return way.method === 'oauth' || way.method === 'gateway' ? (await import('./web/client.ts')).createWebWay(session, way, paper) : null
}

function twsSettings({ bases, settings }: MethodSession): { host: string; port: number; clientId: number; readOnly: boolean } {
  return {
    ...twsAddress(bases['tws'] ?? ''),
    clientId: Number(settings['client-id'] ?? DEFAULT_CLIENT_ID),
    readOnly: settings['read-only'] !== 'no',
  }
}

const DEFAULT_CLIENT_ID = 7
