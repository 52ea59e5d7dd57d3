/** Who tells of an execution, the poorest first. Flex alone has its effect on the position, IBKR's words for it and every cost. */
const TELLERS = { odd: -3, 'live-without-costs': -2, live: -1, flex: 0 } as const

const STATE = 4

/**
 * How much a report of an execution counts (see BrokerActivity): a later state of the execution before every earlier one, and of the
 * same state the fuller report. `state` begins with 1; `odd` is a row nobody could read.
 */
export function precedenceOf(state: number, teller: keyof typeof TELLERS): number {
  return (state - 1) * STATE + TELLERS[teller]
}

/** What Flex takes back stays so, whatever else is still told of the same state, live or by a statement that ends before it. */
export function canceledPrecedence(state: number): number {
  return state * STATE
}
