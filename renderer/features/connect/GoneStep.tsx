import type { BrokerView } from '../../../shared/contract/app.ts'
import { closeConnect, toStep } from '../../state/connect.ts'
import { afterBroker, afterEnvironment, waysIn } from '../../state/connect-steps.ts'
import { openImport } from '../../state/imports.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Back, ChoiceRow } from './Choices.tsx'
import type { StepProps } from './step.ts'

/** A broker that is no longer open: what became of it, who has its accounts now, and what can still be done with its history. */
export function GoneStep({ step, broker, brokers }: StepProps<'gone'> & { readonly brokers: readonly BrokerView[] }) {
  const successor = brokers.find(({ id }) => id === broker.closed?.successor)
  const importOld = () => {
    closeConnect()
    openImport(broker.id)
  }
  return (
    <div className="stack">
      <p className="sub">{broker.closed?.sentence}</p>
      {successor ? (
        <ChoiceRow
          lead={<BrokerMark broker={successor.id} />}
          title={`Connect ${successor.name}`}
          onPick={() => toStep(afterBroker(successor))}
        >
          {`Accounts of ${broker.name} are there now.`}
        </ChoiceRow>
      ) : null}
      <ChoiceRow lead={<Icon name="file" />} title="Import old history" onPick={importOld}>
        From a file you saved before it closed, or got from its successor.
      </ChoiceRow>
      {waysIn(broker, 'sandbox').length > 0 ? (
        <ChoiceRow lead={<Icon name="flask" />} title="Try it in the sandbox" onPick={() => toStep(afterEnvironment(broker, 'sandbox'))}>
          The broker as it was, simulated on this machine. No real account can be reached.
        </ChoiceRow>
      ) : null}
      <div className="dialog-foot">
        <Back step={step} broker={broker} />
      </div>
    </div>
  )
}
