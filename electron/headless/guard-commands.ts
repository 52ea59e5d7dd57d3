import { type Command, Option } from 'commander'
import { LOCK_MAX_IDLE_MINUTES } from '../../shared/contract/vault.ts'
import type { CommandContext } from './commands/context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { processExists, readHostFile } from './host-file.ts'
import { valid } from './option-values.ts'
import type { Terminal } from './terminal.ts'

interface Shared {
  readonly json?: boolean
  readonly dataDir?: string
}

export interface GuardCommandsDeps {
  readonly command: (usage: string, description: string, under?: Command) => Command
  readonly end: (code: ExitCode) => void
  readonly terminal: Terminal
  readonly folder: (flag: string | undefined) => string
  /** Runs with a core; `unlock` false leaves its app lock as it is. */
  readonly withContext: <T>(shared: Shared, run: (context: CommandContext) => Promise<T>, options?: { readonly unlock: boolean }) => Promise<T>
}

/** The commands of the vault and of the app lock. */
export function addGuardCommands(deps: GuardCommandsDeps): void {
  addVaultCommands(deps)
  addLockCommands(deps)
}

function addVaultCommands({ command, end, withContext }: GuardCommandsDeps): void {
  const vault = command('vault', 'show the vault, try to open it again, or give it a new key')
    .enablePositionalOptions()
    .option('--unlock', 'ask its store again')
    .addOption(new Option('--start-over', 'leave a lost key behind: every broker must be signed in again').conflicts('unlock'))
    .option('--yes', 'agree to starting over')
    .action(async ({ unlock, startOver, yes = false, ...shared }: Shared & { unlock?: boolean; startOver?: boolean; yes?: boolean }) => {
      const commands = await import('./commands/vault.ts')
      const action = unlock ? 'unlock' : startOver ? 'start-over' : 'show'
      end(await withContext(shared, context => commands.vault(context, { action, yes })))
    })
  command('rotate', 'seal everything anew under a new key and destroy the old one', vault).action(async (shared: Shared) => {
    const { rotate } = await import('./commands/vault.ts')
    end(await withContext(shared, rotate))
  })
  command('passphrase', 'change the passphrase that guards the vault', vault).action(async (shared: Shared) => {
    const { changePassphrase } = await import('./commands/vault.ts')
    end(await withContext(shared, changePassphrase))
  })
}

type LockCommands = typeof import('./commands/lock.ts')

function addLockCommands({ command, end, terminal, folder, withContext }: GuardCommandsDeps): void {
  const run = async (shared: Shared, use: (commands: LockCommands, context: CommandContext) => Promise<ExitCode>): Promise<void> => {
    const commands = await import('./commands/lock.ts')
    end(await withContext(shared, context => use(commands, context), { unlock: false }))
  }
  const lock = command('lock', 'lock the windows and the command line of the running Keelson')
    .enablePositionalOptions()
    .action((shared: Shared) => run(shared, ({ lock: close }, context) => close(context)))
  command('status', 'show whether a lock is set and closed', lock).action((shared: Shared) =>
    run(shared, ({ lockStatus }, context) => lockStatus(context)),
  )
  command('set', 'set a lock, or change its passphrase', lock)
    .option('--idle <minutes>', 'lock after so many minutes without a touch (0: never by itself)', valid(readIdle, `must be from 0 to ${LOCK_MAX_IDLE_MINUTES}`), 15)
    .action(({ idle, ...shared }: Shared & { idle: number }) =>
      run(shared, ({ lockSet }, context) => lockSet(context, { idleMinutes: idle === 0 ? null : idle })),
    )
  command('clear', 'take the lock off', lock).action((shared: Shared) => run(shared, ({ lockClear }, context) => lockClear(context)))
  command('reset', 'take the lock off when its passphrase is forgotten, while no Keelson runs', lock)
    .option('--yes', 'agree to it')
    .action(async ({ yes = false, json = false, dataDir }: Shared & { yes?: boolean }) => {
      const { lockReset } = await import('./commands/lock.ts')
      const { forgetLockIn } = await import('./forget-lock.ts')
      end(await lockReset({ terminal, json, yes, forget: () => forgetLockIn(folder(dataDir)) }))
    })
  command('unlock', 'unlock the running Keelson').action(async (shared: Shared) => {
    if (isServed(folder(shared.dataDir))) return run(shared, ({ unlock }, context) => unlock(context))
    terminal.err('No Keelson runs on this data folder. A command asks for the passphrase itself, or takes KEELSON_LOCK_PASSPHRASE.')
    end(EXIT.failed)
  })
}

function isServed(dataDir: string): boolean {
  const host = readHostFile(dataDir)
  return host !== null && processExists(host.pid)
}

function readIdle(text: string): number | null {
  const minutes = /^\d{1,4}$/.test(text) ? Number(text) : -1
  return minutes >= 0 && minutes <= LOCK_MAX_IDLE_MINUTES ? minutes : null
}
