import { type Book, type OpenLot, shareOf, size, wholeOf } from './lot-book.ts'

/** Lets a lot bear the average, unless a pick names it. */
export function addToPool<N>(book: Book<N>, lot: OpenLot<N>): void {
  const { kernel: k, pool, apart, ends } = book
  lot.isPooled = !apart.has(ends[lot.source]?.key ?? '')
  if (!lot.isPooled) return
  if (k.cmp(pool.quantity, k.zero) === 0) {
    pool.unit = lot.unit
    pool.principal = lot.principal
    pool.costs = lot.costs
    pool.quantity = lot.quantity
    return
  }
  const [a, b] = [wholeOf(k, pool), wholeOf(k, lot)]
  pool.principal = a === null || b === null ? null : k.add(a, b)
  pool.unit = null
  pool.quantity = k.add(pool.quantity, lot.quantity)
  pool.costs = k.add(pool.costs, lot.costs)
}

/** Makes the pool of what its lots say they cost. */
export function gatherPool<N>(book: Book<N>): void {
  book.pool.quantity = book.kernel.zero
  for (const lot of book.lots) addToPool(book, lot)
}

/** Shares what the pool cost out to its lots, so that each says what it costs and all together say it exactly. */
export function spreadPool<N>(book: Book<N>): void {
  const { kernel: k, pool, lots } = book
  const own = lots.filter(({ isPooled }) => isPooled)
  if (own.length === 1 && own[0]) return void Object.assign(own[0], { unit: pool.unit, principal: pool.principal, costs: pool.costs })
  let { quantity, principal, costs } = pool
  for (const lot of own) {
    const [part, whole] = [size(k, lot.quantity), size(k, quantity)]
    const paid = principal === null ? null : shareOf(book, principal, part, whole)
    lot.unit = null
    lot.principal = paid
    lot.costs = shareOf(book, costs, part, whole)
    principal = principal === null || paid === null ? null : k.sub(principal, paid)
    costs = k.sub(costs, lot.costs)
    quantity = k.sub(quantity, lot.quantity)
  }
}
