import type * as Electron from 'electron'
import { record } from './log.ts'
import { strict } from './strict.ts'

/** Nobody sits here: a test answers by putting functions of its own in the place of these. */
const unanswered = (what: string) => (): Promise<never> => Promise.reject(new Error(`[standin] nobody answers ${what}`))

export const dialog = strict('dialog', {
  showOpenDialog: unanswered('dialog.showOpenDialog'),
  showSaveDialog: unanswered('dialog.showSaveDialog'),
  showMessageBox: unanswered('dialog.showMessageBox'),
  showErrorBox(title: string, content: string): void {
    record('dialog.showErrorBox', title, content)
    process.stderr.write(`[standin] ${title}: ${content}\n`)
  },
}) satisfies Pick<Electron.Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox' | 'showErrorBox'>
