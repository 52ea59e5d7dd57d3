/** What is behind the pages (`--bg` in tokens.css), so that a window does not flash before the first one is drawn. */
export const GROUND = { light: '#f4f6f8', dark: '#0d1014' } as const
export type Theme = keyof typeof GROUND

/** The theme whose ground a page says it has; null when it says none, because it follows the system. */
export function themeOf(color: string | null): Theme | null {
  return color === GROUND.light ? 'light' : color === GROUND.dark ? 'dark' : null
}
