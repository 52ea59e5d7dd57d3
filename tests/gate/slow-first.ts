import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest. Begun last, one of them alone would keep the rest of the machine waiting. */
export const SLOW = [
  'conformance/reading.test.ts', 'core/sync/kill.test.ts', 'core/vault/rotation.test.ts', 'headless/lock-command.test.ts', 'headless/waiting.test.ts',
  'conformance/trading.test.ts', 'core/sandbox/ibkr/flex.test.ts', 'security/processes.test.ts', 'core/brokers/ibkr/stands.test.ts', 'core/tokens/processes.test.ts',
  'core/imports/service.test.ts', 'core/spine/spine.test.ts', 'headless/serve.test.ts', 'headless/vault-command.test.ts', 'security/canaries.test.ts',
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
