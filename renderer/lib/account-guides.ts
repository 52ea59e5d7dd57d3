import type { BrokerId } from '../../shared/domain/broker.ts'

/** Help for those who have no account yet: apps cannot open one for them. */
export interface AccountGuide {
  readonly question: string
  readonly answer: string
  readonly signUp: { readonly word: string; readonly address: string }
  readonly practice: string
}

const GUIDES: Partial<Record<BrokerId, AccountGuide>> = {
  alpaca: {
    question: 'Do you have an Alpaca account?',
    answer: 'If not, sign up on Alpaca\u2019s own site first and come back: accounts cannot be created here.',
    signUp: { word: 'Sign up at Alpaca', address: 'https://app.alpaca.markets/signup' },
    practice: 'To practise, an email address is enough: every Alpaca login has a paper account. Choose Paper; its keys are its own.',
  },
}

export function accountGuide(broker: BrokerId): AccountGuide | undefined {
  return GUIDES[broker]
}
