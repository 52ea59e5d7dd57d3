import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest. Begun last, one of them alone would keep the rest of the machine waiting. */
export const SLOW = [
  'conformance/reading.test.ts', 'core/sync/kill.test.ts', 'headless/lock-command.test.ts', 'core/vault/rotation.test.ts', 'core/brokers/ibkr/tws-stand.test.ts',
  'core/spine/reconciled.test.ts', 'core/brokers/ibkr/stands.test.ts', 'security/processes.test.ts', 'headless/waiting.test.ts', 'conformance/reconciled.test.ts',
  'core/tokens/processes.test.ts', 'conformance/trading.test.ts', 'headless/serve.test.ts', 'core/sync/schedules.test.ts', 'headless/vault-command.test.ts',
  'agreement.test.ts', 'node/passphrase-box.test.ts', 'core/brokers/ibkr/flex-stand.test.ts', 'core/spine/spine.test.ts', 'core/sandbox/ibkr/flex.test.ts',
  'headless/orders-command.test.ts', 'headless/notices-command.test.ts', 'core/imports/service.test.ts', 'core/brokers/ibkr/flex-thread.test.ts', 'core/orders/guardrails-oracle.test.ts',
  'security/canaries.test.ts',
]

/** The order of vitest's own, which in a fresh clone knows no more than the size of a file, with the slow files before it. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const place = ({ moduleId }: TestSpecification): number => SLOW.findIndex(name => moduleId.endsWith(`/tests/${name}`))
    const slow = sorted.filter(file => place(file) >= 0).toSorted((a, b) => place(a) - place(b))
    return [...slow, ...sorted.filter(file => place(file) < 0)]
  }
}
