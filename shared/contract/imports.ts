import { z } from 'zod'
import { MOST_FILE_CHARACTERS } from './file-sizes.ts'
import { defineRoute } from './route.ts'
import {
  AccountIdSchema,
  BrokerIdSchema,
  ConnectionIdSchema,
  DecSchema,
  InstantSchema,
  KindSchema,
  LocalDateSchema,
  SideSchema,
} from './schemas.ts'

export { MOST_FILE_CHARACTERS }

export const VerdictSchema = z.enum(['new', 'already-there', 'conflict', 'unknown'])

/** A row of a file with what importing it would do. */
export const ImportRowSchema = z.object({
  /** The line of a text file, the number of the entry in any other. */
  line: z.number().int(),
  verdict: VerdictSchema,
  kind: KindSchema,
  brokerType: z.string(),
  symbol: z.string().nullable(),
  side: SideSchema.nullable(),
  quantity: DecSchema.nullable(),
  price: DecSchema.nullable(),
  amount: DecSchema.nullable(),
  currency: z.string(),
  tradeDate: LocalDateSchema,
  description: z.string().nullable(),
  /** Of a conflict: what the history says. */
  history: z
    .object({ tradeDate: LocalDateSchema, quantity: DecSchema.nullable(), price: DecSchema.nullable(), amount: DecSchema.nullable() })
    .nullable(),
})
export type ImportRow = z.infer<typeof ImportRowSchema>

export const ImportCountsSchema = z.object({
  new: z.number().int(),
  alreadyThere: z.number().int(),
  conflict: z.number().int(),
  unknown: z.number().int(),
})
export type ImportCounts = z.infer<typeof ImportCountsSchema>

export const ImportPreviewSchema = z.object({
  previewId: z.string(),
  /** `Schwab transaction history (CSV)` */
  format: z.string(),
  counts: ImportCountsSchema,
  /** How many of the conflicts can stand beside what they contradict. The others have the very id of a row of the history. */
  addableConflicts: z.number().int(),
  /** Conflicts and unknown rows first, then in the file's order; at most 500. */
  rows: z.array(ImportRowSchema),
  total: z.number().int(),
  /** First and last day; null for a file without rows. */
  from: LocalDateSchema.nullable(),
  to: LocalDateSchema.nullable(),
  /** Columns and parts Keelson knows nothing of. */
  unknownColumns: z.array(z.string()),
  /** Sentences: what was left out and why. */
  notes: z.array(z.string()),
  /** The account it goes to; null when it will be made. */
  accountId: AccountIdSchema.nullable(),
  /** The file names another account than the one it goes to: importing it needs `acceptOtherAccount`. */
  accountMismatch: z.boolean(),
  /** The same file was imported already and not undone. */
  importedBefore: z.boolean(),
})
export type ImportPreview = z.infer<typeof ImportPreviewSchema>

export const ImportSchema = z.object({
  id: z.string(),
  accountId: AccountIdSchema,
  broker: BrokerIdSchema,
  format: z.string(),
  fileName: z.string(),
  createdAt: InstantSchema,
  undoneAt: InstantSchema.nullable(),
  /** Rows in the file, and rows it added. */
  rows: z.number().int(),
  added: z.number().int(),
  /** Whether taking it back would change anything. Not one that added nothing, unless it alone still tells rows another one added. */
  undoable: z.boolean(),
  counts: ImportCountsSchema,
})
export type ImportView = z.infer<typeof ImportSchema>

const importId = z.string().regex(/^imp_[A-Za-z0-9-]{1,60}$/)

/** History from files: looked at first, imported after, and taken back as a whole. */
export const importRoutes = {
  /** Reads a file and says of each row what importing it would do. Saves nothing. */
  'imports.preview': defineRoute({
    kind: 'command',
    input: z.strictObject({
      fileName: z.string().trim().min(1).max(255),
      text: z
        .string()
        .min(1)
        .max(MOST_FILE_CHARACTERS * 2),
      broker: BrokerIdSchema,
      environment: z.literal('live'),
      account: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('existing'), accountId: AccountIdSchema }),
        z.strictObject({
          kind: z.literal('new'),
          name: z.string().trim().min(1).max(80),
          number: z
            .string()
            .trim()
            .min(2)
            .max(40)
            .regex(/[0-9A-Za-z]/),
          currency: z.string().regex(/^[A-Z]{3}$/),
        }),
      ]),
    }),
    output: ImportPreviewSchema,
  }),
  /**
   * Adds the new rows of a preview, judged once more as things stand now. Fails with import/other-account for a file that names another
   * account than the one it goes to.
   */
  'imports.commit': defineRoute({
    kind: 'command',
    input: z.strictObject({
      previewId: z.string().min(1).max(80),
      include: z.enum(['new', 'new-and-unknown']),
      /** Also adds the conflicts that can stand beside what they contradict. */
      addConflicts: z.boolean().default(false),
      /** The user knows that the file names another account, and wants its rows in this one. */
      acceptOtherAccount: z.boolean().default(false),
    }),
    output: z.object({
      importId: z.string(),
      added: z.number().int(),
      accountId: AccountIdSchema,
      connectionId: ConnectionIdSchema,
      counts: ImportCountsSchema,
    }),
  }),
  /** Takes a whole import back. Rows a broker has sent since stay. */
  'imports.undo': defineRoute({ kind: 'command', input: z.strictObject({ importId }), output: z.object({ removed: z.number().int() }) }),
  'imports.list': defineRoute({ kind: 'query', input: z.strictObject({}), output: z.array(ImportSchema) }),
} as const
