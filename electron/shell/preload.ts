import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import { CHANNELS } from './channels.ts'

function onText(channel: string, listener: (text: string) => void): () => void {
  const pass = (_event: IpcRendererEvent, text: unknown): void => {
    if (typeof text === 'string') listener(text)
  }
  ipcRenderer.on(channel, pass)
  return () => void ipcRenderer.removeListener(channel, pass)
}

/** All a window can reach: JSON text in, JSON text out. No Electron object crosses. */
const keelson = {
  request: (json: string): Promise<unknown> => ipcRenderer.invoke(CHANNELS.request, String(json)),
  cancel: (id: string): void => ipcRenderer.send(CHANNELS.cancel, String(id)),
  onEvent: (listener: (json: string) => void): (() => void) => onText(CHANNELS.event, listener),
  /** Hears the fragment of the screen to show, such as `#/health`. */
  onScreen: (listener: (hash: string) => void): (() => void) => onText(CHANNELS.screen, listener),
}

contextBridge.exposeInMainWorld('keelson', keelson)
