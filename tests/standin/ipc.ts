import { record } from './log.ts'
import { Guarded } from './strict.ts'

type Handler = (event: unknown, ...args: unknown[]) => unknown

/** The main process' end of the messages. Pages that send are found in web-contents.ts. */
class IpcMain extends Guarded {
  /** Under the name it has in Electron, so that tests reach the handlers on both. */
  readonly _invokeHandlers = new Map<string, Handler>()
  constructor() {
    super('ipcMain', null)
  }
  handle(channel: string, handler: Handler): void {
    if (this._invokeHandlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this._invokeHandlers.set(channel, handler)
  }
  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (...args) => {
      this.removeHandler(channel)
      return handler(...args)
    })
  }
  removeHandler(channel: string): void {
    this._invokeHandlers.delete(channel)
  }
}
export const ipcMain = new IpcMain()

/** What a page is answered: the handler's value, or the words in which Electron says that it threw. */
export async function invoke(channel: string, event: unknown, args: readonly unknown[]): Promise<{ ok: boolean; value: unknown }> {
  try {
    const handler = ipcMain._invokeHandlers.get(channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    return { ok: true, value: await handler(event, ...args) }
  } catch (cause) {
    record('ipc refused', channel, String(cause))
    return { ok: false, value: `Error invoking remote method '${channel}': ${String(cause)}` }
  }
}
