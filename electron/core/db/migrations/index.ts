import type { Migration } from '../migration.ts'
import { step0001 } from './0001-spine.ts'
import { step0002 } from './0002-ways-in.ts'
import { step0003 } from './0003-standing.ts'
import { step0004 } from './0004-precedence.ts'
import { step0005 } from './0005-import-rows.ts'

/** Every step, oldest first. Steps that were released never change. */
export const migrations: readonly Migration[] = [step0001, step0002, step0003, step0004, step0005]
