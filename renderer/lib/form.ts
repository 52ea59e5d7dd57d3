import type { MethodInfoView } from '../../shared/contract/app.ts'
import { type Environment, initialOf } from '../../shared/domain/broker.ts'
import { endedDayProblem } from '../../shared/domain/form-day.ts'
import type { Instant } from '../../shared/domain/time.ts'

export type FormField = MethodInfoView['fields'][number]
/** What was typed, by field name. */
export type FormValues = Readonly<Record<string, string>>

const MISSING = 'This is needed.'

/** What is wrong with one field's text, as its sentence; null when it may be sent. */
export function fieldProblem(field: FormField, text: string, now: Instant): string | null {
  const trimmed = text.trim()
  if (trimmed === '') return field.required ? MISSING : null
  if (field.kind === 'number' && !/^\d+$/.test(trimmed)) return field.problem || 'Digits only.'
  if (!fits(field.pattern, trimmed)) return field.problem || 'This cannot be right.'
  return endedDayProblem(field, trimmed, now)
}

function fits(pattern: string | null, text: string): boolean {
  return pattern === null || new RegExp(`^(?:${pattern})$`).test(text)
}

/** The words a field may hold when its pattern is nothing but a few of them, such as `yes|no`. */
export function choicesOf({ kind, pattern, required }: Pick<FormField, 'kind' | 'pattern' | 'required'>): readonly string[] | null {
  return kind === 'text' && required && pattern !== null && /^[a-z]+(?:\|[a-z]+)+$/.test(pattern) ? pattern.split('|') : null
}

/** Every problem of a form, by field name; empty when it may be sent. */
export function formProblems(fields: readonly FormField[], values: FormValues, now: Instant): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap(field => {
      const problem = fieldProblem(field, values[field.name] ?? '', now)
      return problem === null ? [] : [[field.name, problem] as const]
    }),
  )
}

/** The values a form begins with in one environment. */
export function initialValues(fields: readonly FormField[], environment: Environment): FormValues {
  return Object.fromEntries(fields.map(field => [field.name, initialOf(field, environment)]))
}

/** What is sent: trimmed, only the form's own fields, nothing that was left empty. */
export function sentValues(fields: readonly FormField[], values: FormValues): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const text = (values[name] ?? '').trim()
      return text === '' ? [] : [[name, text] as const]
    }),
  )
}

/** True when both would send the same. */
export function sameValues(a: FormValues, b: FormValues): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => a[key] === b[key])
}
