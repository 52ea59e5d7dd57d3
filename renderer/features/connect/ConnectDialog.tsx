import { type ReactNode, useEffect, useRef } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import { environmentWord, methodWord } from '../../lib/format/index.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { refreshBrokers, useApp } from '../../state/app.ts'
import { type ConnectStep, closeConnect, useConnect } from '../../state/connect.ts'
import { methodInfo } from '../../state/connect-steps.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { AppKeysStep } from './AppKeysStep.tsx'
import { BrokerStep } from './BrokerStep.tsx'
import { ConsentStep } from './ConsentStep.tsx'
import { DoneStep } from './DoneStep.tsx'
import { EnvironmentStep } from './EnvironmentStep.tsx'
import { FormStep } from './FormStep.tsx'
import { GoneStep } from './GoneStep.tsx'
import { MethodStep } from './MethodStep.tsx'
import { WaitingStep } from './WaitingStep.tsx'

/** Connecting a broker, one question at a time. */
export function ConnectDialog() {
  const step = useConnect(state => state.step)
  const brokers = useApp(state => state.brokers)
  if (step.kind === 'closed') return null
  const list = brokers.status === 'ready' ? brokers.data : []
  const broker = list.find(({ id }) => id === brokerOf(step))
  return (
    <Dialog open title={titleOf(step, broker)} onClose={closeConnect} size={560}>
      {brokers.status === 'failed' ? <ErrorNote error={brokers.error} onRetry={() => void refreshBrokers()} /> : null}
      {brokers.status === 'idle' || brokers.status === 'loading' ? <Skeletons heights={[64, 64]} label="Loading the brokers" /> : null}
      {brokers.status === 'ready' ? (
        <StepFocus key={step.kind}>
          <Step step={step} broker={broker} brokers={list} />
        </StepFocus>
      ) : null}
    </Dialog>
  )
}

/** Gives the focus to what a step begins with: the control before it is gone. */
function StepFocus({ children }: { readonly children: ReactNode }) {
  const inside = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const first =
      inside.current?.querySelector<HTMLElement>('[data-autofocus]') ?? inside.current?.querySelector<HTMLElement>('button, input, a[href]')
    first?.focus()
  }, [])
  return <div ref={inside}>{children}</div>
}

function brokerOf(step: ConnectStep) {
  if ('choice' in step) return step.choice.broker
  return 'broker' in step ? step.broker : undefined
}

function titleOf(step: ConnectStep, broker: BrokerView | undefined): string {
  const name = broker?.name ?? 'a broker'
  switch (step.kind) {
    case 'closed':
    case 'broker':
      return 'Connect a broker'
    case 'environment':
    case 'method':
      return `Connect ${name}`
    case 'gone':
      return `${name} is closed`
    case 'app-keys':
      return `Your ${name} app keys`
    case 'form':
      return `${methodInfo(broker, step.choice.method)?.label ?? methodWord(step.choice.method)}, ${environmentWord(step.choice.environment).toLowerCase()}`
    case 'consent':
      return step.choice.reconnect ? `Sign in to ${name} again` : `What Keelson may do at ${name}`
    case 'waiting':
      return `Sign in at ${name}`
    case 'done':
      return step.joined ? `Added to your ${name} connection` : `${name} is connected`
    default:
      return assertNever(step)
  }
}

function Step({
  step,
  broker,
  brokers,
}: {
  readonly step: ConnectStep
  readonly broker: BrokerView | undefined
  readonly brokers: readonly BrokerView[]
}) {
  if (step.kind === 'broker' || step.kind === 'closed' || !broker) return <BrokerStep brokers={brokers} />
  switch (step.kind) {
    case 'gone':
      return <GoneStep step={step} broker={broker} brokers={brokers} />
    case 'environment':
      return <EnvironmentStep step={step} broker={broker} />
    case 'method':
      return <MethodStep step={step} broker={broker} />
    case 'app-keys':
      return <AppKeysStep step={step} broker={broker} />
    case 'consent':
      return <ConsentStep step={step} broker={broker} />
    case 'form':
      return <FormStep step={step} broker={broker} />
    case 'waiting':
      return <WaitingStep step={step} broker={broker} />
    case 'done':
      return <DoneStep step={step} broker={broker} />
    default:
      return assertNever(step)
  }
}
