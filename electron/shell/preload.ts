import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import { CHANNELS } from './channels.ts'

/** All a window can reach: JSON text in, JSON text out. No Electron object crosses. */
const keelson = {
  request: (json: string): Promise<unknown> => ipcRenderer.invoke(CHANNELS.request, String(json)),
  cancel: (id: string): void => ipcRenderer.send(CHANNELS.cancel, String(id)),
  onEvent: (listener: (json: string) => void): (() => void) => {
    const pass = (_event: IpcRendererEvent, json: unknown): void => {
      if (typeof json === 'string') listener(json)
    }
    ipcRenderer.on(CHANNELS.event, pass)
    return () => void ipcRenderer.removeListener(CHANNELS.event, pass)
  },
}

contextBridge.exposeInMainWorld('keelson', keelson)
