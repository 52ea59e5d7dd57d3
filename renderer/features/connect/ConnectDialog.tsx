/** To come. */
export function ConnectDialog() {
  return null
}
