/** History from files. */
export function ImportPage() {
  return (
    <div className="page">
      <h1>Import</h1>
    </div>
  )
}
