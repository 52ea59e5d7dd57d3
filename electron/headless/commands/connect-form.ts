import type { BrokerView, MethodInfoView } from '../../../shared/contract/app.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { type BrokerId, type Environment, initialOf, type Method } from '../../../shared/domain/broker.ts'
import { waitingWords } from '../../../shared/domain/method-words.ts'
import { sayWaiting } from '../say-waiting.ts'
import { type CommandContext, findConnection } from './context.ts'

export interface FormOptions {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly method: Method
  /** What was given as `--field name=value`. */
  readonly fields: Readonly<Record<string, string>>
  readonly reconnect?: string | undefined
}

type Field = MethodInfoView['fields'][number]

/** Connects with a form: what is no secret from the command line or the terminal, secrets never from the command line. */
export async function withForm(context: CommandContext, options: FormOptions, offers: readonly BrokerView[]): Promise<string> {
  const { client, signal } = context
  const { broker, environment, method, fields, reconnect } = options
  const offer = offers.find(({ id }) => id === broker)
  const form = offer?.methods.find(one => one.method === method)
  if (!form) throw new AppError('auth/method-unavailable', { details: { broker: offer?.name ?? broker } })
  const exposed = form.fields.find(({ name, kind }) => kind === 'secret' && name in fields)
  if (exposed) {
    const problem = `A secret does not belong on the command line. Leave it out to be asked, pipe it in, or set ${variableOf(exposed)}.`
    throw new AppError('auth/bad-field', { details: { field: exposed.label, problem } })
  }
  const [found] = form.suggests ? await client.request('brokers.suggest', { broker, environment, method }, signal) : []
  const values: Record<string, string> = { ...fields }
  for (const field of form.fields) {
    if (values[field.name] !== undefined) continue
    // Renewing, what nobody says anew stays as it was.
    const initial = reconnect === undefined ? (found?.values[field.name] ?? initialOf(field, environment)) : ''
    const answer = await ask(context, { ...field, initial })
    if (answer !== '' || reconnect === undefined) values[field.name] = answer
  }
  const renewed = reconnect === undefined ? {} : { reconnect: (await findConnection(context, reconnect)).id }
  const input = { broker, environment, method, values, consent: true as const, ...renewed }
  const waitingFor = [`Waiting for ${offer?.name ?? broker}.`, waitingWords(method)].filter(words => words !== null).join(' ')
  const { connectionId, joined } = await sayWaiting(
    context.terminal,
    () => waitingFor,
    client.request('connections.withForm', input, signal),
  )
  if (joined && !context.json) context.terminal.err('These accounts were connected already: this is another way in to the same connection.')
  return connectionId
}

/** Asks for one field. Without a person, a secret comes from the environment or the next line of standard input. */
async function ask({ terminal, signal }: CommandContext, field: Field): Promise<string> {
  const { label, kind, initial } = field
  const given = kind === 'secret' ? terminal.env[variableOf(field)] : undefined
  if (given) return given
  if (kind === 'secret') return terminal.interactive ? terminal.readHidden(`${label}: `) : ((await terminal.readLine(signal)) ?? '')
  if (!terminal.interactive) return initial
  const typed = (await terminal.ask(initial === '' ? `${label}: ` : `${label} [${initial}]: `)).trim()
  return typed === '' ? initial : typed
}

function variableOf({ name }: Pick<Field, 'name'>): string {
  return `KEELSON_${name.toUpperCase().replaceAll('-', '_')}`
}
