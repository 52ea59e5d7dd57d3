/** What the tray can say: the worst state of all connections, or that nothing is asked at all. */
export const TRAY_STATES = ['good', 'notice', 'warning', 'danger', 'locked', 'paused', 'safe'] as const
export type TrayState = (typeof TRAY_STATES)[number]

/** The parts of resources/icon.svg that every other image is made of. */
export interface Parts {
  readonly whole: string
  readonly mark: string
}

/** An image to draw: as SVG, how wide in pixels, and where it goes. */
export interface Drawing {
  readonly file: string
  readonly svg: string
  readonly pixels: number
}

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
/** macOS draws an icon's plate smaller than its image, so that all plates line up in the Dock. */
const MAC_PLATE = 824 / 1024
const MAC_SIZES = [16, 32, 64, 128, 256, 512, 1024]
/** Width of a tray image at each scale of the screen, by the end of its name. */
const TRAY_SCALES = { '': 16, '@1.5x': 24, '@2x': 32, '@3x': 48 }
const TEMPLATE_SCALES = { '': 18, '@2x': 36 }
/** Where a tray image wears its sign, in the 64 units of the icon. */
const SIGN = { x: 46, y: 46, r: 18 }
const GAP = 4
const COLOURS: Readonly<Record<TrayState, string>> = {
  good: '#0b7a4b',
  notice: '#0b63ce',
  warning: '#b86e00',
  danger: '#c0392b',
  locked: '#4a5260',
  paused: '#4a5260',
  safe: '#b86e00',
}

/** Reads the icon, the only picture that is drawn by hand. Throws when its mark cannot be found. */
export function readIcon(whole: string): Parts {
  const mark = /<path id="mark"[^>]* d="([^"]+)"/.exec(whole)?.[1]
  if (mark === undefined) throw new Error('resources/icon.svg has no path with the id "mark"')
  return { whole, mark }
}

/** The app's own icon, one image for each size, as Linux wants them and Windows' icon file is made of. */
export function appDrawings({ whole }: Parts): Drawing[] {
  return SIZES.map(pixels => ({ file: `icons/${pixels}x${pixels}.png`, svg: whole, pixels }))
}

/** The same with room around it, for macOS' icon file. */
export function macDrawings({ whole }: Parts): Drawing[] {
  const edge = (64 - 64 * MAC_PLATE) / 2
  const inner = whole.replace(/^<svg [^>]*>/, '').replace(/<\/svg>\s*$/, '')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><g transform="translate(${edge} ${edge}) scale(${MAC_PLATE})">${inner}</g></svg>`
  return MAC_SIZES.map(pixels => ({ file: `mac-${pixels}.png`, svg, pixels }))
}

/** The tray's images: in colour, one large for Linux, whose panels scale it themselves, and black on nothing for macOS' menu bar. */
export function trayDrawings(parts: Parts): Drawing[] {
  return TRAY_STATES.flatMap(state => [
    ...Object.entries(TRAY_SCALES).map(([scale, pixels]) => ({
      file: `tray/tray-${state}${scale}.png`,
      svg: inColour(parts, state),
      pixels,
    })),
    { file: `tray/tray-${state}-large.png`, svg: inColour(parts, state), pixels: 64 },
    ...Object.entries(TEMPLATE_SCALES).map(([scale, pixels]) => ({
      file: `tray/tray-${state}Template${scale}.png`,
      svg: inBlack(parts, state),
      pixels,
    })),
  ])
}

/** The plate with a sign; a gap around the sign keeps it apart on any taskbar. */
function inColour({ whole }: Parts, state: TrayState): string {
  if (state === 'good') return whole
  const disc = `<circle cx="${SIGN.x}" cy="${SIGN.y}" r="${SIGN.r}" fill="${COLOURS[state]}"/>`
  return whole
    .replace(/<rect id="plate"/, `${gap('gap')}<g mask="url(#gap)"><rect id="plate"`)
    .replace('</svg>', `</g>${disc}${shape(state, '#fff')}</svg>`)
}

/** A template image has no colour but its cover: what the sign stands on is cut out of the mark, and its shape alone says the state. */
function inBlack({ mark }: Parts, state: TrayState): string {
  const body =
    state === 'good'
      ? `<path d="${mark}"/>`
      : `${gap('gap')}<g mask="url(#gap)"><path d="${mark}"/></g><mask id="hollow"><rect width="64" height="64" fill="#fff"/>${shape(state, '#000')}</mask><circle cx="${SIGN.x}" cy="${SIGN.y}" r="${SIGN.r}" mask="url(#hollow)"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${body}</svg>`
}

function gap(id: string): string {
  return `<mask id="${id}"><rect width="64" height="64" fill="#fff"/><circle cx="${SIGN.x}" cy="${SIGN.y}" r="${SIGN.r + GAP}" fill="#000"/></mask>`
}

/** The state's sign: told by its shape, so that nobody has to see its colour. */
function shape(state: TrayState, colour: string): string {
  const { x, y } = SIGN
  const line = (d: string): string =>
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="5.5" stroke-linecap="round" stroke-linejoin="round"/>`
  const dot = (cx: number, cy: number, r: number): string => `<circle cx="${cx}" cy="${cy}" r="${r}" fill="${colour}"/>`
  switch (state) {
    case 'good':
      return ''
    case 'notice':
      return dot(x, y, 7)
    case 'warning':
      return `${line(`M${x} ${y - 9}v9`)}${dot(x, y + 9, 3.2)}`
    case 'danger':
      return line(`M${x - 6.5} ${y - 6.5}l13 13m0-13l-13 13`)
    case 'locked':
      return `<rect x="${x - 8}" y="${y - 2}" width="16" height="12" rx="2" fill="${colour}"/><path d="M${x - 5} ${y - 2}v-4a5 5 0 0 1 10 0v4" fill="none" stroke="${colour}" stroke-width="3.8"/>`
    case 'paused':
      return line(`M${x - 5} ${y - 7}v14m10-14v14`)
    case 'safe':
      return line(`M${x - 8} ${y}h16`)
  }
}
