import type { Migration } from '../migration.ts'
import { step0001 } from './0001-spine.ts'
import { step0002 } from './0002-ways-in.ts'
import { step0003 } from './0003-standing.ts'
import { step0004 } from './0004-precedence.ts'
import { step0005 } from './0005-import-rows.ts'
import { step0006 } from './0006-ledger.ts'
import { step0007 } from './0007-orders.ts'
import { step0008 } from './0008-journal.ts'
import { step0009 } from './0009-kept-words.ts'
import { step0010 } from './0010-packed-closings.ts'
import { step0011 } from './0011-long-words.ts'
import { step0012 } from './0012-computed-anew.ts'
import { step0013 } from './0013-request-ids.ts'
import { step0014 } from './0014-cash-in-lieu.ts'
import { step0015 } from './0015-units-of-lots.ts'

/** Every step, oldest first. Steps that were released never change. */
export const migrations: readonly Migration[] = [step0001, step0002, step0003, step0004, step0005, step0006, step0007, step0008, step0009, step0010, step0011, step0012, step0013, step0014, step0015]
