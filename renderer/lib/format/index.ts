/** The only place that turns values into text. Nothing here reads a clock or rounds what is stored. */
export * from './decimal.ts'
export * from './duration.ts'
export * from './instrument.ts'
export * from './money.ts'
export * from './status.ts'
export * from './time.ts'
export * from './token.ts'
export * from './words.ts'
