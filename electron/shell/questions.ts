/** What a native box asks. */
export interface Box {
  readonly type: 'question' | 'warning' | 'error'
  readonly message: string
  readonly detail: string
  readonly buttons: string[]
  readonly defaultId: number
  /** What closing the box without a choice means. */
  readonly cancelId: number
  readonly noLink: boolean
  readonly checkboxLabel?: string
  readonly checkboxChecked?: boolean
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly response: number
  readonly checkboxChecked: boolean
}

export interface CloseAnswer {
  readonly choice: 'tray' | 'quit' | 'stay'
  readonly remember: boolean
}

/** What the app asks before or without its window. Each takes the harmless way out when it cannot ask. */
export interface Questions<W> {
  /** What closing the window does. `hasTray` is false where it would only be made small. */
  onClose(window: W, hasTray: boolean): Promise<CloseAnswer>
  /** The page ended too often to be opened again by itself. */
  onGone(hasTray: boolean): Promise<'again' | 'keep' | 'quit'>
  onUnresponsive(window: W, signal: AbortSignal): Promise<'reload' | 'wait'>
}

/** `show` shows a native box, over a window when one is given. */
export function createQuestions<W>(show: (box: Box, window: W | null) => Promise<Answer>): Questions<W> {
  const ask = async (box: Omit<Box, 'noLink'>, window: W | null): Promise<Answer> => {
    try {
      return await show({ noLink: true, ...box }, window)
    } catch {
      return { response: box.cancelId, checkboxChecked: false }
    }
  }
  return {
    async onClose(window, hasTray) {
      const keep = hasTray ? 'Keep running in the tray' : 'Keep running, minimized'
      const { response, checkboxChecked } = await ask(
        {
          type: 'question',
          message: 'Keep Keelson running after its window is closed?',
          detail:
            'While it runs it renews sign-ins, syncs and tells you when a broker needs you. When it is quit, sign-ins can run out unnoticed.',
          buttons: [keep, 'Quit', 'Cancel'],
          defaultId: 0,
          cancelId: 2,
          checkboxLabel: 'Remember this. It can be changed in the settings.',
          checkboxChecked: true,
        },
        window,
      )
      return { choice: response === 0 ? 'tray' : response === 1 ? 'quit' : 'stay', remember: checkboxChecked }
    },
    async onGone(hasTray) {
      const { response } = await ask(
        {
          type: 'error',
          message: 'The window of Keelson ended unexpectedly several times.',
          detail:
            'Your data is safe, and syncing goes on in the background. If it happens again, restart the computer or install Keelson anew; both leave your data alone.',
          buttons: ['Open it again', 'Quit', ...(hasTray ? ['Go on without it'] : [])],
          defaultId: 0,
          cancelId: hasTray ? 2 : 1,
        },
        null,
      )
      return response === 0 ? 'again' : response === 1 ? 'quit' : 'keep'
    },
    async onUnresponsive(window, signal) {
      const { response } = await ask(
        {
          type: 'warning',
          message: 'The window of Keelson does not answer.',
          detail: 'Opening it anew loses only what you typed and did not save. Syncing goes on meanwhile.',
          buttons: ['Wait', 'Open it anew'],
          defaultId: 0,
          cancelId: 0,
          signal,
        },
        window,
      )
      return response === 1 ? 'reload' : 'wait'
    },
  }
}
