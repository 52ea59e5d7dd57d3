import { describe, expect, test } from 'vitest'
import { exclude, rename } from '../../electron/headless/commands/connections.ts'
import { findAccount, findConnection } from '../../electron/headless/commands/context.ts'
import { describeFailure } from '../../electron/headless/failure.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { ERRORS } from '../../shared/contract/errors.ts'
import { fakeCore } from './support/fake-core.ts'
import { fakeTerminal } from './support/fake-terminal.ts'
import { accountOf, connectionOf } from './support/views.ts'

const list = [
  connectionOf('con_1', 'alpaca', { label: 'Savings', accounts: [accountOf('acc_1', '••••4417')] }),
  connectionOf('con_2', 'schwab', { label: 'savings', accounts: [accountOf('acc_2', '••••9917'), accountOf('acc_3', '••••3344')] }),
  connectionOf('con_3', 'ibkr', { label: 'alpaca' }),
]

function setting(connections: readonly unknown[] = list) {
  const core = fakeCore({ 'connections.list': () => connections, 'connections.rename': () => ({}) })
  return { core, context: { client: createClient(core), terminal: fakeTerminal(), json: false, signal: new AbortController().signal } }
}

const said = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    found => found,
    (cause: unknown) => {
      const { message, action } = describeFailure(cause)
      return `${message} ${action}`
    },
  )

describe('a name nobody has', () => {
  test('is said, with the names there are', async () => {
    const { context } = setting()
    expect(await said(findConnection(context, 'tdameritrade'))).toBe(
      'No connection is called tdameritrade. There are: con_1 (Savings, alpaca/sandbox), con_2 (savings, schwab/sandbox), con_3 (alpaca, ibkr/sandbox).',
    )
    expect(await said(exclude(context, '0000', true))).toBe(
      'No account is called 0000. There are: acc_1 (Mine ••••4417), acc_2 (Mine ••••9917), acc_3 (Mine ••••3344).',
    )
  })

  test('is said where nothing is connected at all, too', async () => {
    const { context } = setting([])
    expect(await said(findConnection(context, 'alpaca'))).toBe(
      'No connection is called alpaca. There is none yet: keelson connect <broker>.',
    )
  })

  test('comes back short and without characters a terminal obeys', async () => {
    const { context } = setting([])
    expect(await said(findConnection(context, `\u001b[2J${'x'.repeat(300)}`))).toMatch(/^No connection is called \[2Jx{1,60}…\. /)
  })
})

describe('a name several have', () => {
  test('is no guess: which ones is said', async () => {
    const { context } = setting()
    expect(await said(findConnection(context, 'savings'))).toBe(
      '2 connections answer to savings. Name one by its id: con_1 (Savings, alpaca/sandbox), con_2 (savings, schwab/sandbox).',
    )
    expect(await said(exclude(context, '17', true))).toBe(
      '2 accounts answer to 17. Name one by its id: acc_1 (Mine ••••4417), acc_2 (Mine ••••9917).',
    )
  })

  test('is no guess between the own name of one and the broker of another', async () => {
    const { context } = setting()
    expect(await said(findConnection(context, 'alpaca'))).toMatch(/^2 connections answer to alpaca\. .*con_1 .*con_3/)
    expect(await findConnection(context, 'alpaca/sandbox')).toMatchObject({ id: 'con_1' })
    expect(await findConnection(context, 'con_2')).toMatchObject({ id: 'con_2' })
  })
})

test('an account is looked for at one broker where only that can be meant', async () => {
  const { context } = setting()
  expect(await findAccount(context, '17', 'schwab')).toMatchObject({ id: 'acc_2' })
  expect(await said(findAccount(context, '4417', 'schwab'))).toBe(
    'No account is called 4417. There are: acc_2 (Mine ••••9917), acc_3 (Mine ••••3344).',
  )
})

test('a name too long to keep is refused before anything is asked', async () => {
  const { core, context } = setting()
  expect(await said(rename(context, 'ibkr', 'x'.repeat(300)))).toBe(
    'This name is too long: 40 characters at most. Choose a shorter one. Nothing was changed.',
  )
  expect(core.asked.map(({ route }) => route)).not.toContain('connections.rename')
})

test('no sentence tells a command line to reload a window', () => {
  const all = Object.values(ERRORS).map(({ message, action }) => `${message} ${action}`)
  expect(all.filter(text => /reload|this window/i.test(text))).toEqual([])
})
