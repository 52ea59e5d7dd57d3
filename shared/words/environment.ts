import type { Environment } from '../domain/broker.ts'

const ENVIRONMENTS: Readonly<Record<Environment, { word: string; meaning: string }>> = {
  live: { word: 'Live', meaning: 'Your real account. Figures are real money.' },
  paper: { word: 'Paper', meaning: 'The broker\u2019s own practice account. No real money.' },
  sandbox: { word: 'Sandbox', meaning: 'A broker simulated on this machine. No account needed.' },
}

export function environmentWord(environment: Environment): string {
  return ENVIRONMENTS[environment].word
}

export function environmentMeaning(environment: Environment): string {
  return ENVIRONMENTS[environment].meaning
}
