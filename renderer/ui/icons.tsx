const PATHS = {
  overview: 'M3 3h7v9H3zM14 3h7v5h-7zM14 12h7v9h-7zM3 16h7v5H3z',
  history: 'M4 6h16M4 12h16M4 18h10',
  positions: 'M12 3 3 8l9 5 9-5zM3 12.5l9 5 9-5M3 17l9 5 9-5',
  settings: 'M4 7h9M19 7h1M4 17h1M11 17h9M16 4v6M8 14v6',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.5 16.5 21 21',
  sync: 'M20 11a8 8 0 0 0-14.5-3.5L3 10M3 4v6h6M4 13a8 8 0 0 0 14.5 3.5L21 14M21 20v-6h-6',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 4.5v15l12-7.5z',
  check: 'M4.5 12.5 10 18 20 6.5',
  close: 'M6 6l12 12M18 6 6 18',
  warn: 'M12 4 2.5 20h19zM12 10v4.5M12 17.3v.2',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.6v.2',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  down: 'M6 9l6 6 6-6',
  left: 'M15 6l-6 6 6 6',
  right: 'M9 6l6 6-6 6',
  external: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  lock: 'M5 11h14v10H5zM8 11V7.5a4 4 0 0 1 8 0V11',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l9-9M16 7l3 3',
  plus: 'M12 5v14M5 12h14',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  half: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 8h8M12 12h9M12 16h8',
  calendar: 'M4 6h16v15H4zM4 11h16M8 3v5M16 3v5',
  theme: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
  flask: 'M9 3h6M10 3v6L4.5 19a1.5 1.5 0 0 0 1.3 2.2h12.4a1.5 1.5 0 0 0 1.3-2.2L14 9V3M7.5 15h9',
  unplug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4',
  brokers: 'M3 10 12 4l9 6M5 10v8M10 10v8M14 10v8M19 10v8M3 21h18',
  import: 'M12 20V9M7 13l5-5 5 5M4 4h16',
  screen: 'M3 5h18v11H3zM9 20h6M12 16v4',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5',
  star: 'M12 4l2.5 5.2 5.5.8-4 4 1 5.7-5-2.7-5 2.7 1-5.7-4-4 5.5-.8z',
  undo: 'M4 9h11a5 5 0 0 1 0 10h-4M8 5 4 9l4 4',
  up: 'M6 15l6-6 6 6',
  health: 'M3 12h4l2.5-7 4.5 14 3-7h4',
  performance: 'M4 20V4M4 20h16M7 16l4-5 3 3 5-7',
  orders: 'M5 4h14v16H5zM8 9h8M8 13h5M8 17h3',
  journal: 'M6 3h12v18H6zM9 3v18M12 8h4M12 12h4',
  watchlist: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l2 2.5H4zM10 21h4',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.5l3.5 2',
  mail: 'M3 5h18v14H3zM3 6l9 7 9-7',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM9.5 9.5h5v5h-5z',
} as const

export type IconName = keyof typeof PATHS

/** A line drawing that says nothing by itself: the words beside it, or the control's name, carry the meaning. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

/** The sign of resources/icon.svg, in the colour of the text around it. */
const MARK =
  'M32 7a2.5 2.5 0 0 1 2.5 2.5V14H37a3 3 0 0 1 3 3v15a3 3 0 0 1-3 3h-2.5v6.9c7.1-.6 14-4.1 19.4-9.9 1.2-1.3 3.1-.2 2.7 1.5C53.6 46.5 44.2 54.5 32 54.5S10.4 46.5 7.4 33.5c-.4-1.7 1.5-2.8 2.7-1.5 5.4 5.8 12.3 9.3 19.4 9.9V35H27a3 3 0 0 1-3-3V17a3 3 0 0 1 3-3h2.5V9.5A2.5 2.5 0 0 1 32 7z'

/** Keelson's own sign. */
export function KeelsonMark() {
  return (
    <svg viewBox="5 5 54 54" fill="currentColor" aria-hidden="true">
      <path d={MARK} />
    </svg>
  )
}
