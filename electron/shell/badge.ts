/** The part of a window that is used. */
export interface BadgedWindow<Image> {
  setOverlayIcon(image: Image | null, description: string): void
}

export interface BadgeDeps<Image> {
  readonly platform: NodeJS.Platform
  /** macOS, and those Linux desktops that have it; elsewhere it answers false. */
  readonly setCount: (unread: number) => boolean
  readonly windows: () => readonly BadgedWindow<Image>[]
  /** Makes an image of raw pixels: 4 bytes each, blue, green, red, alpha. */
  readonly image: (pixels: Buffer, size: number) => Image
}

export interface Badge {
  set(unread: number): void
  /** Puts it on a window that was made since. */
  renew(): void
}

const SIZE = 16
/** The colour of what needs attention, in the same order as the pixels: readable on light and dark taskbars. */
const DOT = [0x2b, 0x39, 0xc0] as const

/** How many notices stand unread, on the app's icon: a number where there is room for one, a dot with words on Windows. */
export function createBadge<Image>({ platform, setCount, windows, image }: BadgeDeps<Image>): Badge {
  let unread = 0
  let dot: Image | null = null
  function show(): void {
    if (platform !== 'win32') return void setCount(unread)
    const words = unread === 0 ? '' : unread === 1 ? '1 unread notice' : `${unread} unread notices`
    for (const window of windows()) window.setOverlayIcon(unread === 0 ? null : (dot ??= image(dotPixels(SIZE), SIZE)), words)
  }
  return {
    set(count) {
      unread = count
      show()
    },
    renew: () => {
      if (platform === 'win32') show()
    },
  }
}

/** A filled circle with soft edges on nothing. */
export function dotPixels(size: number): Buffer {
  const pixels = Buffer.alloc(size * size * 4)
  const middle = (size - 1) / 2
  for (let at = 0; at < size * size; at += 1) {
    const away = Math.hypot((at % size) - middle, Math.floor(at / size) - middle)
    const cover = Math.min(1, Math.max(0, size / 2 - away))
    // Electron expects colours multiplied by how much they cover.
    pixels.set([...DOT.map(part => Math.round(part * cover)), Math.round(255 * cover)], at * 4)
  }
  return pixels
}
