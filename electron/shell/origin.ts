/** The address of the app's own pages. */
export const APP_SCHEME = 'app'
export const APP_HOST = 'keelson'
export const START_PAGE = `${APP_SCHEME}://${APP_HOST}/index.html`

/** Whether an address is one of the app's own pages. */
export function isOwnAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, host, username, password } = new URL(text)
  return protocol === `${APP_SCHEME}:` && host === APP_HOST && username === '' && password === ''
}
