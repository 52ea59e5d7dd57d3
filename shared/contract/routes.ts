import type { z } from 'zod'
import { activityRoutes } from './activities.ts'
import { appRoutes } from './app.ts'
import { connectionRoutes } from './connections.ts'
import { desktopRoutes } from './desktop.ts'
import { healthRoutes } from './health.ts'
import { importRoutes } from './imports.ts'
import { journalRoutes } from './journal.ts'
import { ledgerRoutes } from './ledger.ts'
import { orderRoutes } from './orders.ts'
import { portfolioRoutes } from './portfolio.ts'
import { revocationRoutes } from './revocations.ts'
import { noticeRoutes } from './notices.ts'
import { scheduleRoutes } from './schedules.ts'
import { lockRoutes, vaultRoutes } from './vault.ts'

/** The whole contract. Adding a route here makes the core's handler map fail to compile until it is answered. */
export const routes = {
  ...appRoutes, ...connectionRoutes, ...activityRoutes, ...importRoutes, ...revocationRoutes, ...scheduleRoutes, ...healthRoutes, ...noticeRoutes, ...lockRoutes, ...vaultRoutes, ...desktopRoutes,
  ...ledgerRoutes, ...portfolioRoutes, ...orderRoutes, ...journalRoutes,
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes
export type InputOf<R extends RouteName> = z.output<Routes[R]['input']>
/** What a caller writes, before branded ids are parsed. */
export type RequestOf<R extends RouteName> = z.input<Routes[R]['input']>
export type OutputOf<R extends RouteName> = z.output<Routes[R]['output']>

export function isRouteName(text: string): text is RouteName {
  return Object.hasOwn(routes, text)
}
