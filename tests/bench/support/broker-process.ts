import { fork } from 'node:child_process'
import path from 'node:path'
import type { TradeOptions } from './trades.ts'

export interface BrokerProcess extends Disposable {
  readonly origin: string
}

/** Starts the Alpaca server in a process of its own and waits until it serves. */
export async function startBroker(options: TradeOptions & { rows: number }): Promise<BrokerProcess> {
  const { rows, perDay, recent } = options
  return start('alpaca-server.ts', [rows, perDay, recent?.rows ?? 0, recent?.perDay ?? 1])
}

/** The same of IBKR's Flex service, with so many rows in each statement. */
export function startFlex(options: { readonly rows: number }): Promise<BrokerProcess> {
  return start('flex-server.ts', [options.rows])
}

async function start(script: string, numbers: readonly number[]): Promise<BrokerProcess> {
  const child = fork(path.join(import.meta.dirname, script), numbers.map(String), { execArgv: [] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', message => resolve(Number(message)))
    child.once('exit', code => reject(new Error(`the broker process ended with ${code}`)))
  })
  return { origin: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void child.kill() }
}
