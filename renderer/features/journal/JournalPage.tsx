/** Notes, tags, ratings and pictures beside the trades. */
export function JournalPage() {
  return (
    <div className="page">
      <h1>Journal</h1>
    </div>
  )
}
