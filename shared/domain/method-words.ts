import type { Method, MethodInfo } from './broker.ts'

/** What a way in needs and how long it lasts, as sentences to read before it is set up. */
export function methodIntro({ needs, life }: Pick<MethodInfo, 'needs' | 'life'>): string {
  return `You need ${afterVerb(needs)} ${lifeSentence({ life })}`
}

/** How long a way in lasts and what ends it, as a sentence. */
export function lifeSentence({ life }: Pick<MethodInfo, 'life'>): string {
  return `It lasts ${afterVerb(life)}`
}

const COMMON = /^(?:A|An|The|Nothing|About|Until|As|Seven) /

/** A phrase as it goes on in the middle of a sentence: names keep their capitals. */
function afterVerb(phrase: string): string {
  return COMMON.test(phrase.replace(':', ' ')) ? phrase.charAt(0).toLowerCase() + phrase.slice(1) : phrase
}

/** What may hold up the first answer of a way in; null where nothing does as a rule. */
export function waitingWords(method: Method): string | null {
  return WHILE[method] ?? null
}

const WHILE: Partial<Record<Method, string>> = {
  tws: 'TWS or IB Gateway may be asking on your screen whether to let Keelson in.',
  gateway: 'The gateway answers once you are signed in to it in the browser.',
  flex: 'IBKR writes the report first; that can take a minute.',
}
