import type { MethodInfoView } from '../../shared/contract/app.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import { errorViewOf, isCanceled } from '../bridge/index.ts'
import { type FormValues, fieldProblem, formProblems, initialValues, sameValues, sentValues } from '../lib/form.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import { type Choice, type FormStep, giveUp, hasTurn, takeTurn, toStep, useConnect } from './connect.ts'
import { refreshConnections } from './connections.ts'

type Fields = MethodInfoView['fields']

const keyOf = ({ broker, environment, method }: Choice) => `${broker} ${environment} ${method}`

function current(): FormStep | undefined {
  const { step } = useConnect.getState()
  return step.kind === 'form' ? step : undefined
}

function change(part: Partial<FormStep>): void {
  const step = current()
  if (step) toStep({ ...step, ...part })
}

/** Opens the form of a way in, with what was typed into it before. */
export function openForm(choice: Choice, fields: Fields): void {
  const values = useConnect.getState().drafts[keyOf(choice)] ?? initialValues(fields, choice.environment)
  toStep({ kind: 'form', choice, values, problems: {}, trial: { kind: 'none' }, saving: false, error: null })
}

/** Takes what was typed. A test under way no longer speaks for it and is given up; a passed one counts again for its own values. */
export function typeInto(values: FormValues): void {
  const step = current()
  if (!step || step.saving) return
  if (step.trial.kind === 'testing') giveUp()
  const problems = Object.fromEntries(Object.entries(step.problems).filter(([name]) => !(name in values)))
  const typed = { ...step.values, ...values }
  useConnect.setState(state => ({ drafts: { ...state.drafts, [keyOf(step.choice)]: typed } }))
  change({ values: typed, problems, trial: step.trial.kind === 'passed' ? step.trial : { kind: 'none' }, error: null })
}

/** Looks at one field once the user leaves it; an empty one is judged only when the form is sent. */
export function leaveField(field: Fields[number]): void {
  const step = current()
  const text = step?.values[field.name] ?? ''
  const problem = text.trim() === '' ? null : fieldProblem(field, text, now())
  if (step && problem !== null) change({ problems: { ...step.problems, [field.name]: problem } })
}

/** True when exactly what stands in the form has passed its test. */
export function isProven({ trial, values }: Pick<FormStep, 'trial' | 'values'>, fields: Fields): boolean {
  return trial.kind === 'passed' && sameValues(trial.sent, sentValues(fields, values))
}

/** Tries the form at the broker and keeps nothing. Answers the name of the first field that is wrong; then nothing was sent. */
export async function tryForm(fields: Fields): Promise<string | null> {
  const step = current()
  if (!step || step.saving) return null
  const problems = formProblems(fields, step.values, now())
  const first = fields.find(({ name }) => name in problems)
  if (first) {
    change({ problems, trial: { kind: 'none' } })
    return first.name
  }
  const { broker, environment, method } = step.choice
  const sent = sentValues(fields, step.values)
  const mine = takeTurn()
  change({ problems, trial: { kind: 'testing' }, error: null })
  try {
    const answer = await api().request('connections.try', { broker, environment, method, values: sent }, { signal: mine.signal })
    if (hasTurn(mine)) change({ trial: { kind: 'passed', sent, answer } })
  } catch (error) {
    if (hasTurn(mine) && !isCanceled(error)) change({ trial: { kind: 'failed', error: errorViewOf(error) } })
  }
  return null
}

/** Stops a test under way. */
export function stopTrial(): void {
  giveUp()
  change({ trial: { kind: 'none' } })
}

/** Connects with what passed the test. Does nothing for anything else. */
export async function saveForm(fields: Fields): Promise<void> {
  const step = current()
  if (!step || step.saving || step.trial.kind !== 'passed' || !isProven(step, fields)) return
  const { choice, trial } = step
  const { broker, environment, method, reconnect } = choice
  const mine = takeTurn()
  change({ saving: true, error: null })
  try {
    const values = { ...trial.sent }
    const input = { broker, environment, method, values, consent: true as const, ...(reconnect ? { reconnect } : {}) }
    const { connectionId, joined } = await api().request('connections.withForm', input, { signal: mine.signal })
    if (hasTurn(mine)) useConnect.setState({ step: { kind: 'done', choice, connectionId, joined }, drafts: {} })
    await refreshConnections()
  } catch (error) {
    if (hasTurn(mine) && !isCanceled(error)) change({ saving: false, error: errorViewOf(error) })
  }
}

/** Looks for values on this machine. Rejects with BridgeError. */
export function suggestValues({ broker, environment, method }: Choice, signal: AbortSignal): Promise<OutputOf<'brokers.suggest'>> {
  return api().request('brokers.suggest', { broker, environment, method }, { signal })
}
