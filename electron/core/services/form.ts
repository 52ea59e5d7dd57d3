import { AppError } from '../../../shared/contract/errors.ts'
import type { FieldSpec } from '../../../shared/domain/broker.ts'
import { endedDayProblem } from '../../../shared/domain/form-day.ts'
import { type Instant, LocalDate } from '../../../shared/domain/time.ts'

/** What was typed, checked and told apart: settings may be shown, secrets are sealed. */
export interface ReadForm {
  readonly values: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
}

/**
 * Checks what was typed into a form against its fields, before anything is sent. Text is trimmed; an optional field left empty is
 * left out. Throws auth/bad-field with the field's label and its own sentence, never with what was typed.
 */
export function readForm(fields: readonly FieldSpec[], typed: Readonly<Record<string, string>>, now: Instant): ReadForm {
  const stranger = Object.keys(typed).find(name => !fields.some(field => field.name === name))
  if (stranger !== undefined) throw badField(stranger, 'This form has no such field.')
  const given = fields.flatMap(field => {
    const text = checked(field, typed[field.name]?.trim() ?? '', now)
    return text === '' ? [] : [{ field, text }]
  })
  const only = (secret: boolean): Record<string, string> =>
    Object.fromEntries(given.filter(({ field }) => (field.kind === 'secret') === secret).map(({ field, text }) => [field.name, text]))
  const settings = only(false)
  const secrets = only(true)
  return { values: { ...settings, ...secrets }, settings, secrets }
}

function checked(field: FieldSpec, text: string, now: Instant): string {
  const { label, required, kind, pattern, problem } = field
  if (text === '') {
    if (required) throw badField(label, 'This is needed.')
    return ''
  }
  const fits = pattern === null || new RegExp(`^(?:${pattern})$`).test(text)
  const isOfKind = kind === 'number' ? /^\d{1,15}$/.test(text) : kind === 'day' ? LocalDate.is(text) : !/[\p{Cc}]/u.test(text)
  if (!fits || !isOfKind) throw badField(label, problem === '' ? 'This is not what belongs here.' : problem)
  const ended = endedDayProblem(field, text, now)
  if (ended !== null) throw badField(label, ended)
  return text
}

function badField(field: string, problem: string): AppError {
  return new AppError('auth/bad-field', { details: { field, problem } })
}
