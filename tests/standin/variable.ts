export type { StandinOptions } from './options.ts'

/** Where the options of the stand-in are found; by itself, because reading options.ts reads them. */
export const OPTIONS_VARIABLE = 'KEELSON_STANDIN'
