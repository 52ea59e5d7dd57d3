import { type FormEvent, useId } from 'react'
import type { BrokerView, MethodInfoView } from '../../../shared/contract/app.ts'
import { methodIntro } from '../../../shared/domain/method-words.ts'
import { methodInfo } from '../../state/connect-steps.ts'
import { isProven, leaveField, saveForm, stopTrial, tryForm, typeInto } from '../../state/connect-form.ts'
import type { FormStep as Form } from '../../state/connect.ts'
import { Button } from '../../ui/Button.tsx'
import { choicesOf } from '../../lib/form.ts'
import { ChoiceField, DayField, SecretField, TextField } from '../../ui/fields.tsx'
import { Guide } from '../../ui/AccountGuide.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Back, Who } from './Choices.tsx'
import type { StepProps } from './step.ts'
import { Suggestions } from './Suggestions.tsx'
import { TrialResult } from './TrialResult.tsx'

/** What a way in asks for: checked here, tried at the broker, and saved only when exactly that has passed. */
export function FormStep({ step, broker }: StepProps<'form'>) {
  const info = methodInfo(broker, step.choice.method)
  const prefix = useId()
  if (!info) return null
  const testing = step.trial.kind === 'testing'
  const proven = isProven(step, info.fields)
  const test = async () => {
    const wrong = await tryForm(info.fields)
    if (wrong !== null) document.getElementById(`${prefix}-${wrong}`)?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!testing && !step.saving) void (proven ? saveForm(info.fields) : test())
  }
  return (
    <form className="stack-l" onSubmit={submit} noValidate>
      <Who broker={broker} environment={step.choice.environment} />
      <Needs info={info} />
      {info.suggests ? <Suggestions choice={step.choice} onPick={typeInto} /> : null}
      <Fields step={step} fields={info.fields} prefix={prefix} />
      <TrialResult step={step} broker={broker} proven={proven} onStop={stopTrial} />
      {step.error ? <ErrorNote error={step.error} speaker={broker.name} /> : null}
      <Foot step={step} broker={broker} proven={proven} testing={testing} onTest={() => void test()} />
    </form>
  )
}

function Needs({ info }: { readonly info: MethodInfoView }) {
  return (
    <div className="stack">
      <p className="sub">{methodIntro(info)}</p>
      <Guide info={info} />
    </div>
  )
}

interface FieldsProps {
  readonly step: Form
  readonly fields: MethodInfoView['fields']
  readonly prefix: string
}

const CONTROLS = { text: TextField, number: TextField, secret: SecretField, day: DayField } as const

function Fields({ step, fields, prefix }: FieldsProps) {
  return (
    <div className="form-fields">
      {fields.map((field, index) => {
        const words = choicesOf(field)
        const props = {
          id: `${prefix}-${field.name}`,
          label: field.label,
          hint: field.hint,
          value: step.values[field.name] ?? '',
          onChange: (value: string) => typeInto({ [field.name]: value }),
        }
        if (words) return <ChoiceField key={field.name} {...props} words={words} />
        const Control = CONTROLS[field.kind]
        return (
          <Control
            key={field.name}
            {...props}
            problem={step.problems[field.name]}
            optional={!field.required}
            numeric={field.kind === 'number'}
            first={index === 0}
            readOnly={step.saving}
            onBlur={() => leaveField(field)}
          />
        )
      })}
    </div>
  )
}

interface FootProps {
  readonly step: Form
  readonly broker: BrokerView
  readonly proven: boolean
  readonly testing: boolean
  readonly onTest: () => void
}

function Foot({ step, broker, proven, testing, onTest }: FootProps) {
  return (
    <div className="dialog-foot">
      <Back step={step} broker={broker} />
      <Button large variant={proven ? 'default' : 'primary'} busy={testing} disabled={step.saving} onClick={onTest}>
        {testing ? 'Testing' : proven ? 'Test again' : 'Test connection'}
      </Button>
      <Button large type="submit" variant={proven ? 'primary' : 'default'} busy={step.saving} disabled={!proven}>
        {step.saving ? 'Saving' : 'Save and connect'}
      </Button>
    </div>
  )
}
