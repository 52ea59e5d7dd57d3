/** What the user keeps an eye on, with quotes and their age. */
export function WatchlistPage() {
  return (
    <div className="page">
      <h1>Watchlist</h1>
    </div>
  )
}
