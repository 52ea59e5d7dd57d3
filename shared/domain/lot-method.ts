/** Which lot a closing takes first: the oldest, the newest, the dearest, or all of them together at their average cost. Picks of the user's own come before any of them. */
export const LOT_METHODS = ['fifo', 'lifo', 'hifo', 'average'] as const
export type LotMethod = (typeof LOT_METHODS)[number]
