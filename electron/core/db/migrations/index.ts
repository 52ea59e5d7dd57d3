import type { Migration } from '../migration.ts'
import { step0001 } from './0001-spine.ts'

/** Every step, oldest first. Steps that were released never change. */
export const migrations: readonly Migration[] = [step0001]
