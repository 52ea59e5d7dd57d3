const SPACES = /[\p{Zs}\p{Zl}\p{Zp}\t\n\r\v\f]+/gu
/** Characters that are not seen or that turn the writing around: controls, bidi marks, joiners, fillers, variation selectors, tags. */
const UNSEEN =
  // oxlint-disable-next-line no-misleading-character-class -- each of them is taken out on its own
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u{34F}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{2800}\u{3164}\u{FE00}-\u{FE0F}\u{FFA0}\u{E0100}-\u{E01EF}]/gu
/** Marks heaped on one letter cover the lines above and below it. */
const HEAPED = /(\p{M}{2})\p{M}+/gu

/** Text of a broker or a program as one plain line: what is read is what there is, in the order it is written. */
export function visibleText(text: string): string {
  return text.normalize('NFC').replace(SPACES, ' ').replace(UNSEEN, '').replace(HEAPED, '$1').trim()
}
