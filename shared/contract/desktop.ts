import { z } from 'zod'
import { LARGEST_FILE } from './file-sizes.ts'
import { defineRoute } from './route.ts'
import { InstantSchema } from './schemas.ts'

const none = z.strictObject({})

/** What closing the window does. `ask` until the user has answered once. */
export const CLOSE_CHOICES = ['ask', 'tray', 'quit'] as const

export const DesktopSettingsSchema = z.object({
  onClose: z.enum(CLOSE_CHOICES),
  /** Starts with the session of the user, in the tray, without a window. */
  startAtLogin: z.boolean(),
  /** Keys that show the window from anywhere, as Electron writes them (`CommandOrControl+Alt+K`); null for none. */
  shortcut: z.string().max(64).nullable(),
  /** Looks for a newer version once a day. */
  checkForUpdates: z.boolean(),
})
export type DesktopSettings = z.infer<typeof DesktopSettingsSchema>
const ChangeSchema = DesktopSettingsSchema.partial().strict()
/** The settings to change; what is left out stays. */
export type DesktopChange = z.infer<typeof ChangeSchema>

/** How an update stands. `refused` names why one that was found is not installed: it fails closed. */
export const UPDATE_STATES = ['off', 'idle', 'checking', 'downloading', 'ready', 'refused', 'failed'] as const

export const UpdateSchema = z.object({
  state: z.enum(UPDATE_STATES),
  /** Of the version that was found; null while there is none. */
  version: z.string().nullable(),
  /** What is new in it, in plain text lines; empty when the feed says nothing. */
  notes: z.string(),
  /** From 0 to 1 while downloading. */
  progress: z.number().min(0).max(1).nullable(),
  checkedAt: InstantSchema.nullable(),
  /** Why it is off, refused or failed; null otherwise. */
  trouble: z.object({ code: z.string(), message: z.string(), action: z.string() }).nullable(),
})
export type UpdateView = z.infer<typeof UpdateSchema>

export const DesktopStatusSchema = z.object({
  /** False in a browser: then nothing of the rest applies. */
  here: z.boolean(),
  platform: z.enum(['macos', 'windows', 'linux', 'other']),
  settings: DesktopSettingsSchema,
  /** What this system can do. */
  can: z.object({ tray: z.boolean(), startAtLogin: z.boolean(), shortcut: z.boolean(), notifications: z.boolean() }),
  /** Set when the app started with nothing running in the background, because it ended unexpectedly several times. */
  safeMode: z.object({ crashes: z.int() }).nullable(),
  update: UpdateSchema,
  /** The parts this copy is made of, by name. */
  versions: z.array(z.object({ name: z.string(), version: z.string() })),
})
export type DesktopStatus = z.infer<typeof DesktopStatusSchema>

export { LARGEST_FILE }
const text = z.string().max(LARGEST_FILE)

/** The desktop around the window. In a browser all but `desktop.status` throw desktop/not-here. */
export const desktopRoutes = {
  'desktop.status': defineRoute({ kind: 'query', input: none, output: DesktopStatusSchema }),
  /** Changes what is named; answers everything as it is then. Throws desktop/shortcut-taken, desktop/login-refused. */
  'desktop.set': defineRoute({ kind: 'command', input: ChangeSchema, output: DesktopStatusSchema }),
  /** Asks where to save a text and saves it: no page offers a program. Answers the name it was given; null when the user changed their mind. Throws desktop/save-failed. */
  'desktop.saveFile': defineRoute({
    kind: 'command',
    input: z.strictObject({ name: z.string().min(1).max(128).regex(/^\w[\w .()-]*\.(?:csv|json|ndjson|txt)$/), text }),
    output: z.object({ saved: z.string().nullable() }),
  }),
  /** Asks for files to import and reads them. Empty when the user changed their mind. Throws desktop/read-failed, import/too-large. */
  'desktop.openFiles': defineRoute({
    kind: 'command',
    input: none,
    output: z.object({ files: z.array(z.object({ name: z.string(), base64: z.string() })) }),
  }),
  /** Shows the folder with the data, and nothing else, in the system's own file manager. */
  'desktop.showDataFolder': defineRoute({ kind: 'command', input: none, output: z.object({}) }),
  /** Looks for a newer version now. Answers how it stands then; it downloads by itself. */
  'updates.check': defineRoute({ kind: 'command', input: none, output: UpdateSchema }),
  /** Ends the app in order and starts the version that is ready. Throws desktop/no-update. */
  'updates.install': defineRoute({ kind: 'command', input: none, output: z.object({}) }),
  /** Ends the app in order and starts it again as usual, out of safe mode. */
  'desktop.restart': defineRoute({ kind: 'command', input: none, output: z.object({}) }),
} as const
