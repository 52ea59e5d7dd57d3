import { beforeEach, describe, expect, test } from 'vitest'
import { closeConnect, type FormStep, useConnect } from '../../renderer/state/connect.ts'
import { isProven, leaveField, openForm, saveForm, stopTrial, tryForm, typeInto } from '../../renderer/state/connect-form.ts'
import { fakeCore, ok, refusal } from './fake-core.ts'

const choice = { broker: 'tastytrade', environment: 'live', method: 'personal-grant', reconnect: null } as const
const secret = (name: string) => ({
  name,
  label: name,
  hint: '',
  kind: 'secret' as const,
  pattern: '[a-z0-9]+',
  problem: 'Letters and digits only.',
  initial: '',
  required: true,
})
const fields = [secret('client-secret'), secret('refresh-token')]
const right = { 'client-secret': 's3cret', 'refresh-token': 't0ken' }
const account = { name: 'Individual', maskedNumber: '••••5980', type: 'Margin', currency: 'USD', netLiquidation: '100' }
const passed = ok({ ms: 12, accounts: [account] })

function form(): FormStep {
  const { step } = useConnect.getState()
  if (step.kind !== 'form') throw new Error(`the dialog is at ${step.kind}`)
  return step
}

beforeEach(() => {
  useConnect.setState(useConnect.getInitialState(), true)
  openForm(choice, fields)
})

describe('the test of a form', () => {
  test('sends nothing while something is wrong, and names the first wrong field', async () => {
    const core = fakeCore(() => passed)
    typeInto({ 'refresh-token': 'has spaces' })
    expect(await tryForm(fields)).toBe('client-secret')
    expect(form().problems).toEqual({ 'client-secret': 'This is needed.', 'refresh-token': 'Letters and digits only.' })
    expect(core.asked).toEqual([])
  })

  test('judges a field when it is left, an empty one not yet', () => {
    leaveField(secret('client-secret'))
    expect(form().problems).toEqual({})
    typeInto({ 'client-secret': 'a b' })
    leaveField(secret('client-secret'))
    expect(form().problems).toEqual({ 'client-secret': 'Letters and digits only.' })
    typeInto({ 'client-secret': 'ab' })
    expect(form().problems).toEqual({})
  })

  test('shows the accounts and allows to save exactly what was tried', async () => {
    const core = fakeCore(() => passed)
    typeInto({ ...right, 'client-secret': ' s3cret ' })
    expect(await tryForm(fields)).toBeNull()
    expect(core.asked).toEqual([
      { route: 'connections.try', input: { broker: 'tastytrade', environment: 'live', method: 'personal-grant', values: right } },
    ])
    expect(form().trial).toMatchObject({ kind: 'passed', answer: { accounts: [account] } })
    expect(isProven(form(), fields)).toBe(true)
    typeInto({ 'client-secret': 's3cret2' })
    expect(isProven(form(), fields)).toBe(false)
    typeInto({ 'client-secret': 's3cret' })
    expect(isProven(form(), fields)).toBe(true)
  })

  test('that fails keeps what was typed and the broker\u2019s own words', async () => {
    const said = { ok: false, error: { code: 'auth/bad-keys', message: 'No.', action: 'Look.', brokerSays: 'Invalid client secret' } }
    fakeCore(() => said)
    typeInto(right)
    await tryForm(fields)
    expect(form()).toMatchObject({
      values: right,
      trial: { kind: 'failed', error: { code: 'auth/bad-keys', brokerSays: 'Invalid client secret' } },
    })
    expect(isProven(form(), fields)).toBe(false)
  })

  test('given up by typing on does not speak for what stands there then', async () => {
    const answer = later()
    fakeCore(() => answer.promise)
    typeInto(right)
    const trying = tryForm(fields)
    expect(form().trial.kind).toBe('testing')
    typeInto({ 'client-secret': 'other' })
    answer.resolve(passed)
    await trying
    expect(form().trial.kind).toBe('none')
  })

  test('can be stopped', async () => {
    const answer = later()
    fakeCore(() => answer.promise)
    typeInto(right)
    const trying = tryForm(fields)
    stopTrial()
    answer.resolve(passed)
    await trying
    expect(form()).toMatchObject({ trial: { kind: 'none' }, values: right })
  })
})

describe('saving a form', () => {
  test('does nothing without a passed test of these values', async () => {
    const core = fakeCore(() => passed)
    typeInto(right)
    await saveForm(fields)
    await tryForm(fields)
    typeInto({ 'client-secret': 'other' })
    await saveForm(fields)
    expect(core.routes()).toEqual(['connections.try'])
  })

  test('sends what was tried with the consent, and says what it joined', async () => {
    const core = fakeCore(({ route }) =>
      route === 'connections.try' ? passed : route === 'connections.withForm' ? ok({ connectionId: 'con_3', joined: true }) : ok([]),
    )
    typeInto(right)
    await tryForm(fields)
    await saveForm(fields)
    expect(core.asked[1]).toMatchObject({ route: 'connections.withForm', input: { values: right, consent: true } })
    expect(useConnect.getState()).toMatchObject({ step: { kind: 'done', connectionId: 'con_3', joined: true }, drafts: {} })
  })

  test('that fails leaves the form as it was', async () => {
    fakeCore(({ route }) => (route === 'connections.try' ? passed : refusal('vault/locked')))
    typeInto(right)
    await tryForm(fields)
    await saveForm(fields)
    expect(form()).toMatchObject({ values: right, saving: false, error: { code: 'vault/locked' } })
  })
})

describe('what was typed', () => {
  test('is there again after going back and forth, and gone once the dialog closes', () => {
    typeInto(right)
    useConnect.setState({ step: { kind: 'broker' } })
    openForm(choice, fields)
    expect(form().values).toEqual(right)
    closeConnect()
    openForm(choice, fields)
    expect(form().values).toEqual({ 'client-secret': '', 'refresh-token': '' })
  })

  test('belongs to its broker, environment and way in', () => {
    typeInto(right)
    openForm({ ...choice, environment: 'paper' }, fields)
    expect(form().values).toEqual({ 'client-secret': '', 'refresh-token': '' })
  })
})

/** An answer that comes when the test says so. */
function later() {
  let resolve: (value: unknown) => void = () => undefined
  const promise = new Promise<unknown>(done => {
    resolve = done
  })
  return { promise, resolve: (value: unknown) => resolve(value) }
}
