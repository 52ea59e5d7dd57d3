import { spawn } from 'node:child_process'
import path from 'node:path'
import { createSystemKeyring } from '../../../electron/node/system-keyring.ts'

/** Run inside a session bus: asks the system keyring while its service hangs, and prints how often everything else had its turn meanwhile. */
const service = spawn(process.execPath, [path.join(import.meta.dirname, 'silent-secret-service.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
service.stdout.once('data', () => {
  let [turns, isOver] = [0, false]
  const count = (): void => {
    turns += 1
    if (!isOver) setTimeout(count, 10)
  }
  setTimeout(count, 10)
  void createSystemKeyring()
    .get('data-key-of-a-test')
    .then(() => 'answered', (cause: unknown) => (cause instanceof Error ? cause.message : 'refused'))
    .then(end => {
      isOver = true
      service.kill()
      process.stdout.write(`${JSON.stringify({ turns, end })}\n`)
    })
})
