interface Scope {
  readonly id: string
  readonly label: string
  readonly required: boolean
}

/** What brokers call the permission to place orders. */
const TRADING = new Set(['trading', 'trade'])

/** Which optional permissions are ticked when a sign-in is renewed: those it had, and trading when it is for that. */
export function chosenScopes(scopes: readonly Scope[], had: readonly string[], forTrading: boolean): readonly string[] {
  const isChosen = ({ id, required }: Scope) => !required && (had.includes(id) || (forTrading && TRADING.has(id)))
  return scopes.filter(isChosen).map(({ label }) => label)
}
