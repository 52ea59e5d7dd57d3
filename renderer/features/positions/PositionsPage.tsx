/** To come. */
export function PositionsPage() {
  return null
}
