/** What was made and lost, by day, symbol and tag. */
export function PerformancePage() {
  return (
    <div className="page">
      <h1>Performance</h1>
    </div>
  )
}
