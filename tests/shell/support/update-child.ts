import process from 'node:process'
import { createClock } from '../../../electron/node/clock.ts'
import { createRandom } from '../../../electron/node/random.ts'
import { createUpdates, type UpdatesDeps } from '../../../electron/shell/updates/create-updates.ts'

/** Looks for an update and installs it, in a process that may be killed. What it needs comes as JSON in its first argument. */
const given = JSON.parse(process.argv[2] ?? '') as Pick<UpdatesDeps, 'copy' | 'keys' | 'folder'> & { readonly ca: string }
const ending = { drain: () => Promise.resolve(), exit: () => process.exit(0), relaunch: () => process.exit(1) }
// Made after the releases of the tests were signed.
const at = createClock()
const updates = createUpdates({ ...given, clock: at, random: createRandom(), isSafeMode: false, isWanted: () => true, ending })
updates.onChange(() => {
  process.stdout.write(`${updates.view().state}\n`)
  if (updates.view().state === 'ready') void updates.install()
})
const { trouble } = await updates.check()
if (trouble) process.stdout.write(`${trouble.code}\n`)
