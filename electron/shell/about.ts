/** The parts this copy is made of, by name, for About and for whoever helps. A part that is not there is left out; the core adds its own. */
export function versions(keelson: string, parts: Readonly<Record<string, string | undefined>>): { name: string; version: string }[] {
  const named: readonly (readonly [string, string | undefined])[] = [
    ['Keelson', keelson],
    ['Electron', parts['electron']],
    ['Chromium', parts['chrome']],
    ['Node.js', parts['node']],
    ['V8', parts['v8']],
  ]
  return named.flatMap(([name, version]) => (version === undefined ? [] : [{ name, version }]))
}
