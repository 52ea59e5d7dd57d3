import { OrderType } from '@stoqey/ib'
import { afterEach, describe, expect, test } from 'vitest'
import { retryDelayMs } from '../../../../electron/core/brokers/ibkr/tws/hours.ts'
import { readAccounts } from '../../../../electron/core/brokers/ibkr/tws/reads.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import type { PeerOptions } from './support/tws-peer.ts'
import type { LogRecord } from '../../../../electron/core/ports.ts'
import { codeOf, scenes } from './support/tws-scene.ts'

const { signal } = new AbortController()
const { open: scene, close } = scenes()
afterEach(close)

function codeNow(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error instanceof AppError ? error.code : error
  }
}

describe('a session with TWS', () => {
  test('is ready once TWS names the next order id, under the accounts it lists', async () => {
    const { session, peer } = await scene({ accounts: 'DU1234567,DU7654321,' })
    const link = await session.ready({ signal })
    expect(link.accounts).toEqual(['DU1234567', 'DU7654321'])
    expect(peer.clients).toEqual([7])
    expect(link.nextOrderId()).toBe(7)
    expect(link.nextOrderId()).toBe(8)
  })

  test('keeps its day where it runs, which is known while it is there', async () => {
    const { session, peer, clock } = await scene()
    expect(session.zone()).toBeNull()
    await session.ready({ signal })
    expect(session.zone()).toBe('America/New_York')
    peer.lines[0]?.hangUp()
    await clock.scheduled(ms => ms === 1000)
    expect(session.zone()).toBeNull()
  })

  test('connects once for callers that come together', async () => {
    const { session, peer } = await scene()
    const [one, two] = await Promise.all([session.ready({ signal }), session.ready({ signal })])
    expect(one).toBe(two)
    expect(peer.clients).toEqual([7])
  })

  test('says that nothing runs there when the port is closed', async () => {
    const { session, peer } = await scene()
    await peer.close()
    await expect(codeOf(session.ready({ signal }))).resolves.toBe('local/not-running')
  })

  test('says that TWS waits for a click when the line opens and stays silent', async () => {
    const { session, clock } = await scene({ silent: true })
    const waiting = codeOf(session.ready({ signal }))
    await clock.scheduled(ms => ms === 15_000)
    clock.advance(15_000)
    await expect(waiting).resolves.toBe('local/not-accepted')
  })

  test('says so too when TWS answers and never lets the client in', async () => {
    const { session, peer, clock } = await scene({ hello: () => false })
    const waiting = codeOf(session.ready({ signal }))
    await clock.scheduled(ms => ms === 15_000)
    await expect.poll(() => peer.clients).toEqual([7])
    clock.advance(15_000)
    await expect(waiting).resolves.toBe('local/not-accepted')
  })

  test('takes the next client id when its own is in use', async () => {
    const hello: PeerOptions['hello'] = (clientId, line) => {
      if (clientId === 9) return true
      line.say([4, 2, -1, 326, 'Unable to connect as the client id is already in use.', ''])
      line.hangUp()
      return false
    }
    const { session, peer } = await scene({ hello })
    await session.ready({ signal })
    expect(peer.clients).toEqual([7, 8, 9])
  })

  test('gives up after five client ids, and does not try again by itself', async () => {
    const { session, peer, clock } = await scene({
      hello(_clientId, line) {
        line.say([4, 2, -1, 326, 'Unable to connect as the client id is already in use.', ''])
        return false
      },
    })
    await expect(codeOf(session.ready({ signal }))).resolves.toBe('local/client-id-taken')
    expect(peer.clients).toEqual([7, 8, 9, 10, 11])
    expect(clock.pending()).toEqual([])
  })

  test.each([
    { accounts: 'U1234567', paper: true, sentence: 'This sign-in belongs to a live account, but paper was chosen. Nothing was saved.' },
    { accounts: 'DU1234567', paper: false, sentence: 'This sign-in belongs to a paper account, but live was chosen. Nothing was saved.' },
    { accounts: 'DF1234567', paper: false, sentence: 'This sign-in belongs to a paper account, but live was chosen. Nothing was saved.' },
  ])('refuses $accounts where paper is $paper, whatever the port', async ({ accounts, paper, sentence }) => {
    const { session, clock } = await scene({ accounts, settings: { paper } })
    await expect(session.ready({ signal })).rejects.toThrow(sentence)
    expect(clock.pending()).toEqual([])
  })

  test('refuses whatever answers in another language', async () => {
    const { session } = await scene({
      hello(_clientId, line) {
        line.bytes(Buffer.from([0xff, 0xfb, 0x01, 0xff, 0xfb, 0x03]))
        return false
      },
    })
    await expect(codeOf(session.ready({ signal }))).resolves.toBe('broker/unreadable')
  })

  test('refuses a server that did not negotiate its version down', async () => {
    const { session } = await scene({ version: 222 })
    await expect(codeOf(session.ready({ signal }))).resolves.toBe('broker/unreadable')
  })

  test('reads messages cut anywhere and several at once', async () => {
    const { session, peer } = await scene({
      hello(_clientId, line) {
        for (const byte of [0, 0, 0, 13]) line.bytes(Buffer.from([byte]))
        line.bytes(Buffer.from('15\u00001\u0000DU12345'))
        line.bytes(Buffer.from('\u0000\u0000\u0000\u0000\u00069\u00001\u00005\u0000'))
        return false
      },
    })
    const link = await session.ready({ signal })
    expect(link.accounts).toEqual(['DU12345'])
    expect(peer.clients).toEqual([7])
  })
})

const lostLevels = (log: readonly LogRecord[]): string[] => log.filter(({ event }) => event === 'tws.lost').map(({ level }) => level)

describe('a lost line', () => {
  test('fails calls at once and comes back by itself with a new client object', async () => {
    const { session, peer, clock } = await scene()
    const link = await session.ready({ signal })
    peer.lines[0]?.hangUp()
    await clock.scheduled(ms => ms === 1000)
    expect(() => session.now()).toThrow('Interactive Brokers has a problem on its side (the line was closed)')
    expect(link.gone.aborted).toBe(true)
    clock.advance(1000)
    const again = await session.ready({ signal })
    expect(again).not.toBe(link)
    expect(peer.clients).toEqual([7, 7])
  })

  test('never carries what was sent while it was down over to the next line', async () => {
    const { session, peer, clock } = await scene()
    const link = await session.ready({ signal })
    peer.lines[0]?.hangUp()
    await clock.scheduled(ms => ms === 1000)
    link.api.placeOrder(7, { symbol: 'AAPL' }, { orderType: OrderType.MKT, transmit: true })
    clock.advance(1000)
    const again = await session.ready({ signal })
    again.api.reqIds()
    await peer.message(fields => fields[0] === '8')
    expect(peer.received.filter(fields => fields[0] === '3')).toEqual([])
  })

  test('is tried again later and later, up to a minute, and not by everyone at once', async () => {
    const { session, peer, clock } = await scene()
    await peer.close()
    await expect(codeOf(session.ready({ signal }))).resolves.toBe('local/not-running')
    await clock.scheduled(ms => ms === 1000)
    clock.advance(1000)
    await expect(clock.scheduled(ms => ms === 2000)).resolves.toBe(2000)
    expect([1, 2, 3, 4, 5, 6, 7].map(failures => retryDelayMs(failures, 0.5))).toEqual([1000, 2000, 5000, 10_000, 30_000, 60_000, 60_000])
    expect([retryDelayMs(6, 0), retryDelayMs(6, 0.999_999)]).toEqual([48_000, 72_000])
  })

  test('is found by the heartbeat when the other end died without a word', async () => {
    const { session, peer, clock } = await scene({ answer: () => undefined })
    await session.ready({ signal })
    clock.advance(30_000)
    await peer.message(fields => fields[0] === '49')
    clock.advance(10_000)
    expect(() => session.now()).toThrow('TWS took too long to answer')
    await clock.scheduled(ms => ms === 1000)
  })

  test('is kept while the heartbeat is answered', async () => {
    const { session, peer, clock } = await scene()
    await session.ready({ signal })
    clock.advance(30_000)
    await peer.message(fields => fields[0] === '49')
    await clock.scheduled(ms => ms === 30_000)
    clock.advance(10_000)
    expect(session.now().accounts).toEqual(['DU1234567'])
  })

  test('tells what time it is by TWS: as it begins, with each heartbeat and whenever it is asked', async () => {
    const said: [number, { readonly sentMs: number; readonly receivedMs: number }][] = []
    const { session, peer, clock } = await scene({
      noteTime: (...one) => void said.push(one),
      answer: (fields, line) => fields[0] === '49' && line.say([49, 1, 1_795_000_000]),
    })
    await session.ready({ signal })
    await expect.poll(() => said).toEqual([[1_795_000_000_000, { sentMs: 0, receivedMs: 0 }]])
    clock.advance(30_000)
    await clock.scheduled(ms => ms === 30_000)
    expect(said[1]).toEqual([1_795_000_000_000, { sentMs: 30_000, receivedMs: 30_000 }])
    // Without having been asked for it has no moment to be held against.
    peer.lines[0]?.say([49, 1, 1_795_000_009], [4, 2, -1, 1100, 'Connectivity between IB and TWS has been lost.', ''])
    await expect.poll(() => codeNow(() => session.now())).toBe('broker/unavailable')
    expect(said).toHaveLength(2)
    session.askTime()
    await expect.poll(() => said.length).toBe(3)
  })

  test('asks nobody for the time where nobody wants to know', async () => {
    const { session, peer, deps } = await scene({ answer: (fields, line) => fields[0] === '62' && line.say([64, 1, fields[2] ?? '']) })
    await session.ready({ signal })
    session.askTime()
    await readAccounts(deps, { signal })
    expect(peer.received.filter(([kind]) => kind === '49')).toEqual([])
  })

  test.each(['2026-11-20T04:50:00.000Z', '2026-11-20T05:30:00.000Z', '2026-11-21T06:00:00.000Z'])(
    'is no alarm at %s, when IBKR restarts',
    async start => {
      const { session, peer, clock, log } = await scene({ start })
      await session.ready({ signal })
      peer.lines[0]?.hangUp()
      await clock.scheduled(ms => ms === 1000)
      expect(() => session.now()).toThrow('its nightly maintenance')
      expect(log.filter(record => record.level === 'warn')).toEqual([])
    },
  )

  test.each(['2026-11-20T04:50:00.000Z', '2026-11-20T05:30:00.000Z'])(
    'is told as it is at %s while the way in is only tried: nothing listens there',
    async start => {
      const { session, peer, log } = await scene({ start, tried: true })
      await peer.close()
      await expect(codeOf(session.ready({ signal }))).resolves.toBe('local/not-running')
      expect(lostLevels(log)).toEqual(['warn'])
    },
  )

  test('is the restart of the night for a connection there already, which has not been up since Keelson started', async () => {
    const { session, peer, log } = await scene({ start: '2026-11-20T05:30:00.000Z' })
    await peer.close()
    await expect(codeOf(session.ready({ signal }))).resolves.toBe('broker/unavailable')
    expect(lostLevels(log)).toEqual(['info'])
  })

  test('is the restart of the night once a tried way in has been up', async () => {
    const { session, peer, clock } = await scene({ start: '2026-11-20T05:30:00.000Z', tried: true })
    await session.ready({ signal })
    peer.lines[0]?.hangUp()
    await clock.scheduled(ms => ms === 1000)
    expect(() => session.now()).toThrow('its nightly maintenance')
  })

  test('that Keelson itself ends is no news', async () => {
    const { session, clock, log } = await scene()
    await session.ready({ signal })
    await session.close()
    expect(log.map(record => record.event)).toEqual(['tws.ready'])
    expect(clock.pending()).toEqual([])
    await expect(codeOf(session.ready({ signal }))).resolves.toBe('app/canceled')
  })

  test('is one warning during the day', async () => {
    const { session, peer, clock, log } = await scene()
    await session.ready({ signal })
    peer.lines[0]?.hangUp()
    await clock.scheduled(ms => ms === 1000)
    expect(log.filter(record => record.level === 'warn').map(record => record.event)).toEqual(['tws.lost'])
  })
})

describe('a line TWS has lost to IBKR', () => {
  test.each([1100, 2110])('stops everything on %i, and goes on after 1102 with the fills of the meantime asked for', async code => {
    const { session, peer } = await scene()
    const link = await session.ready({ signal })
    const told = (wanted: number): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>()
      link.listen(message => message.kind === 'notice' && message.code === wanted && resolve())
      return promise
    }
    const cut = told(code)
    peer.lines[0]?.say([4, 2, -1, code, 'Connectivity between IBKR and Trader Workstation has been lost.', ''])
    await cut
    expect(() => session.now()).toThrow('TWS has lost its line to IBKR')
    await expect(codeOf(session.ready({ signal }))).resolves.toBe('broker/unavailable')
    peer.lines[0]?.say([4, 2, -1, 1102, 'Connectivity restored - data maintained.', ''])
    await peer.message(fields => fields[0] === '7')
    expect(session.now()).toBe(link)
  })

  test('knows when prices may be old', async () => {
    const { session, peer } = await scene()
    await session.ready({ signal })
    peer.lines[0]?.say([4, 2, -1, 2103, 'Market data farm connection is broken:usfarm', ''])
    await expect.poll(() => session.stale()).toBe(true)
    peer.lines[0]?.say([4, 2, -1, 2104, 'Market data farm connection is OK:usfarm', ''])
    await expect.poll(() => session.stale()).toBe(false)
  })
})

describe('a message that cannot be read', () => {
  test('costs nothing when only the details of a refusal are no JSON', async () => {
    const { session, peer } = await scene()
    const link = await session.ready({ signal })
    const { promise, resolve } = Promise.withResolvers<string>()
    link.listen(message => message.kind === 'failure' && resolve(message.text))
    peer.lines[0]?.say([4, 2, 12, 201, 'Order rejected - reason:no', '{not json'])
    await expect(promise).resolves.toBe('Order rejected - reason:no')
    expect(session.now()).toBe(link)
  })

  test('ends the line when a listener fails, not the process', async () => {
    const { session, peer, clock } = await scene()
    const link = await session.ready({ signal })
    link.listen(message => {
      if (message.kind === 'time') throw new TypeError('a slip')
    })
    peer.lines[0]?.say([49, 1, 1_795_000_000])
    await clock.scheduled(ms => ms === 1000)
    expect(() => session.now()).toThrow('TWS sent an answer Keelson does not understand')
  })
})
