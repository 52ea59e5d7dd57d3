/**
 * Chromium loads no scheme of an app's own, so `app://keelson/x` is carried as `https://keelson.app.standin/x` and answered by the
 * app's own handler. Everything the app sees is turned back.
 */
const CARRIED = /^(?:https?|data|about|blob|ws|wss|file|javascript|chrome-error)$/
const OWN = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i
const WIRE = /^https:\/\/([^/?#]*)\.([a-z][a-z0-9+-]*)\.standin((?:[/?#].*)?)$/

export function toWire(url: string): string {
  const [, scheme = '', host = '', rest = ''] = OWN.exec(url) ?? []
  if (scheme === '' || CARRIED.test(scheme.toLowerCase())) return url
  return `https://${host === '' ? 'local' : host}.${scheme.toLowerCase()}.standin${rest === '' ? '/' : rest}`
}

export function fromWire(url: string): string {
  const [, host = '', scheme = '', rest = ''] = WIRE.exec(url) ?? []
  return scheme === '' ? url : `${scheme}://${host === 'local' ? '' : host}${rest === '' ? '/' : rest}`
}

/** The origin as Electron gives it for a standard scheme of the app's own. */
export function originOf(url: string): string {
  if (!URL.canParse(url)) return 'null'
  const { protocol, host, origin } = new URL(url)
  return /^https?:$/.test(protocol) ? origin : host === '' ? 'null' : `${protocol}//${host}`
}
