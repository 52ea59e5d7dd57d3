import type { ReactNode } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { type ConnectStep, toStep } from '../../state/connect.ts'
import { stepBefore } from '../../state/connect-steps.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'

interface ChoiceProps {
  readonly lead: ReactNode
  readonly title: string
  /** A word beside the title, such as `closed`. */
  readonly tag?: string | undefined
  readonly disabled?: boolean
  readonly children: ReactNode
  readonly onPick: () => void
}

/** One answer among several, as a wide button. */
export function ChoiceRow({ lead, title, tag, disabled = false, children, onPick }: ChoiceProps) {
  return (
    <button type="button" className="choice" disabled={disabled} onClick={onPick}>
      <span className="lead-slot">{lead}</span>
      <span className="grow">
        <span className="row wrap">
          <span className="strong">{title}</span>
          {tag ? <span className="tag">{tag}</span> : null}
        </span>
        <span className="sub">{children}</span>
      </span>
      <Icon name="right" />
    </button>
  )
}

/** Who this step is about. */
export function Who({ broker, environment }: { readonly broker: BrokerView; readonly environment: Environment }) {
  return (
    <div className="row">
      <BrokerMark broker={broker.id} small />
      <span className="strong">{broker.name}</span>
      <EnvBadge environment={environment} />
    </div>
  )
}

/** The step before, where there is one. */
export function Back({ step, broker }: { readonly step: ConnectStep; readonly broker: BrokerView }) {
  const before = stepBefore(step, broker)
  if (!before) return null
  return (
    <Button variant="ghost" icon="left" className="left" onClick={() => toStep(before)}>
      Back
    </Button>
  )
}
