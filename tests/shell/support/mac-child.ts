import { registerHooks } from 'node:module'
import process from 'node:process'
import { createRandom } from '../../../electron/node/random.ts'
import { createClock } from '../../../electron/node/clock.ts'
import type { UpdatesDeps } from '../../../electron/shell/updates/create-updates.ts'

/** An app of macOS that looks for an update and installs it, over an `electron` with the updater of the system alone. Says what happens. */
const given = JSON.parse(process.argv[2] ?? '') as Pick<UpdatesDeps, 'copy' | 'keys' | 'folder'> & {
  readonly ca: string
  readonly takesIt: boolean
}
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const url = new URL('./squirrel.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url, shortCircuit: true } : next(specifier, context)),
})

const { createUpdates } = await import('../../../electron/shell/updates/create-updates.ts')
const ending = { drain: () => Promise.resolve(say('drained')), exit: () => say('exit'), relaunch: () => say('relaunch') }
const updates = createUpdates({ ...given, clock: createClock(), random: createRandom(), isSafeMode: false, isWanted: () => true, ending })
updates.onChange(() => {
  const { state, trouble } = updates.view()
  if (state === 'ready') {
    updates.install().catch((error: unknown) => say(String(error)))
  } else if (trouble) say(`${state}: ${trouble.code}`)
})
await updates.check()
