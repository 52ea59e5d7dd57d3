import { toStep } from '../../state/connect.ts'
import { afterMethod, environmentOf, methodInfo, waysIn } from '../../state/connect-steps.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import { methodIntro } from '../../../shared/domain/method-words.ts'
import { methodWord } from '../../lib/format/index.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { Back, ChoiceRow, Who } from './Choices.tsx'
import type { StepProps } from './step.ts'

const ICONS: Readonly<Record<Method, IconName>> = {
  oauth: 'external',
  'api-key': 'key',
  'personal-grant': 'key',
  tws: 'screen',
  flex: 'history',
  gateway: 'screen',
  file: 'file',
}

/** How to sign in: every way the broker offers here, the one Keelson prefers first. */
export function MethodStep({ step, broker }: StepProps<'method'>) {
  const ready = environmentOf(broker, step.environment)?.appReady ?? false
  return (
    <div className="stack">
      <Who broker={broker} environment={step.environment} />
      {waysIn(broker, step.environment).map(method => {
        const info = methodInfo(broker, method)
        return (
          <ChoiceRow
            key={method}
            lead={<Icon name={ICONS[method]} />}
            title={info?.label ?? methodWord(method)}
            onPick={() => toStep(afterMethod(broker, step.environment, method))}
          >
            {info ? methodIntro(info) : ''}
            {method === 'oauth' && !ready ? ' Needs app keys of your own, once.' : ''}
          </ChoiceRow>
        )
      })}
      <div className="dialog-foot">
        <Back step={step} broker={broker} />
      </div>
    </div>
  )
}
