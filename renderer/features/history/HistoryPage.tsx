/** To come. */
export function HistoryPage() {
  return null
}
