/** The ticket, what works at the brokers, and what became of it. */
export function OrdersPage() {
  return (
    <div className="page">
      <h1>Orders</h1>
    </div>
  )
}
