/** A form as a browser would send it. */
export interface FilledForm {
  readonly method: 'GET' | 'POST'
  readonly action: string
  readonly fields: [string, string][]
}

const WORDS = {
  approve: /\b(?:approve|allow|accept|authori[sz]e|agree|yes)\b/i,
  deny: /\b(?:deny|decline|refuse|reject|cancel|no)\b/i,
} as const

/**
 * The form of a consent page, filled as a user leaves it: hidden fields, ticked boxes, and the button for the decision.
 * Reads the plain HTML of simulated brokers, ours and others'; undefined when there is no form.
 */
export function fillConsentForm(html: string, decision: 'approve' | 'deny'): FilledForm | undefined {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, tag = '', body = '']) => ({
    tag,
    body,
    button: buttonFor(body, decision),
  }))
  const form = forms.find(({ button }) => button !== undefined) ?? forms[0]
  if (!form) return undefined
  const fields = inputsOf(form.body)
  if (!form.button) fields.push(['decision', decision])
  else if (form.button.name !== undefined) fields.push([form.button.name, form.button.value ?? ''])
  const method = attribute(form.tag, 'method')?.toUpperCase() === 'POST' ? 'POST' : 'GET'
  return { method, action: attribute(form.tag, 'action') ?? '', fields }
}

interface Button {
  readonly name: string | undefined
  readonly value: string | undefined
}

function buttonFor(body: string, decision: 'approve' | 'deny'): Button | undefined {
  const buttons = [...body.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)].map(([, tag = '', label = '']) => ({ tag, label }))
  const inputs = [...body.matchAll(/<input\b([^>]*)>/gi)]
    .map(([, tag = '']) => ({ tag, label: '' }))
    .filter(({ tag }) => typeOf(tag) === 'submit')
  for (const { tag, label } of [...buttons, ...inputs]) {
    const value = attribute(tag, 'value')
    if (WORDS[decision].test(`${value ?? ''} ${label}`)) return { name: attribute(tag, 'name'), value }
  }
  return undefined
}

function inputsOf(body: string): [string, string][] {
  const fields: [string, string][] = []
  for (const [, tag = ''] of body.matchAll(/<input\b([^>]*)>/gi)) {
    const type = typeOf(tag)
    const name = attribute(tag, 'name')
    const box = type === 'checkbox' || type === 'radio'
    if (name === undefined || type === 'submit' || type === 'button' || (box && !/\schecked\b/i.test(tag))) continue
    fields.push([name, attribute(tag, 'value') ?? (box ? 'on' : '')])
  }
  return fields
}

function typeOf(tag: string): string {
  return attribute(tag, 'type')?.toLowerCase() ?? 'text'
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag)
  return (found?.[1] ?? found?.[2] ?? found?.[3])
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
