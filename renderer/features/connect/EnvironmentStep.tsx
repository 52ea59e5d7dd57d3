import { environmentMeaning, environmentWord } from '../../lib/format/index.ts'
import { toStep } from '../../state/connect.ts'
import { afterEnvironment, environmentsOf } from '../../state/connect-steps.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { AccountGuide } from '../../ui/AccountGuide.tsx'
import { Back, ChoiceRow } from './Choices.tsx'
import type { StepProps } from './step.ts'

/** Real money, practice or simulation: part of the connection for good. */
export function EnvironmentStep({ step, broker }: StepProps<'environment'>) {
  return (
    <div className="stack">
      <p className="sub">Which account at {broker.name}? A connection keeps its environment; connect again for another.</p>
      {environmentsOf(broker).map(({ id }) => (
        <ChoiceRow
          key={id}
          lead={<EnvBadge environment={id} />}
          title={environmentWord(id)}
          onPick={() => toStep(afterEnvironment(broker, id))}
        >
          {environmentMeaning(id)}
        </ChoiceRow>
      ))}
      <AccountGuide broker={broker.id} />
      <div className="dialog-foot">
        <Back step={step} broker={broker} />
      </div>
    </div>
  )
}
