import { methodWord } from '../../lib/format/index.ts'
import { toStep } from '../../state/connect.ts'
import { afterMethod, environmentOf } from '../../state/connect-steps.ts'
import { Icon } from '../../ui/icons.tsx'
import { Back, ChoiceRow, Who } from './Choices.tsx'
import type { StepProps } from './step.ts'

/** How to sign in. */
export function MethodStep({ step, broker }: StepProps<'method'>) {
  const environment = environmentOf(broker, step.environment)
  return (
    <div className="stack">
      <Who broker={broker} environment={step.environment} />
      {environment?.methods.map(method => (
        <ChoiceRow
          key={method}
          lead={<Icon name={method === 'oauth' ? 'external' : 'key'} />}
          title={methodWord(method)}
          onPick={() => toStep(afterMethod(broker, step.environment, method))}
        >
          {method === 'oauth'
            ? `You sign in on the broker\u2019s own page. Keelson never sees your password.${environment.appReady ? '' : ' Needs app keys of your own, once.'}`
            : 'A key and secret you made on the broker\u2019s site. Tried first, then sealed in the vault.'}
        </ChoiceRow>
      ))}
      <div className="dialog-foot">
        <Back step={step} broker={broker} />
      </div>
    </div>
  )
}
