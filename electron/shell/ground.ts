/** What is behind the pages (`--bg` in tokens.css), so that a window does not flash before the first one is drawn. */
export const GROUND = { light: '#f4f6f8', dark: '#0d1014' } as const
