/** Branded identifiers: one string cannot stand in for another. All are opaque; none carries a broker's account number. */
export type ConnectionId = string & { readonly __brand: 'ConnectionId' }
export type AccountId = string & { readonly __brand: 'AccountId' }
export type ActivityId = string & { readonly __brand: 'ActivityId' }
export type FlowId = string & { readonly __brand: 'FlowId' }

/** Makes ids from fresh random text. */
export const newId = {
  connection: (random: string): ConnectionId => `con_${random}` as ConnectionId,
  flow: (random: string): FlowId => `flw_${random}` as FlowId,
}
