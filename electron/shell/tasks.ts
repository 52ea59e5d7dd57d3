import type { Page } from '../../shared/contract/screens.ts'
import { linkTo } from './deep-link.ts'
import { inQuotes } from './login-item.ts'

/** The pages offered where the system shows tasks of an app beside its icon. */
export const TASK_PAGES: readonly { readonly page: Page; readonly label: string; readonly says: string }[] = [
  { page: 'overview', label: 'Overview', says: 'Brokers, accounts and how they stand' },
  { page: 'history', label: 'History', says: 'Trades and everything else your brokers report' },
  { page: 'health', label: 'Health', says: 'How syncing and sign-ins are doing' },
]

/** One entry of the jump list of Windows. */
export interface UserTask {
  readonly program: string
  readonly arguments: string
  readonly title: string
  readonly description: string
  readonly iconPath: string
  readonly iconIndex: number
}

/**
 * The jump list of Windows: each entry starts the app once more with a link, which the running one takes over. `args` are those the
 * running one is found by.
 */
export function userTasks(program: string, args: readonly string[] = []): UserTask[] {
  return TASK_PAGES.map(({ page, label, says }) => ({
    program,
    arguments: [...args.map(inQuotes), linkTo(page)].join(' '),
    title: label,
    description: says,
    iconPath: program,
    iconIndex: 0,
  }))
}
