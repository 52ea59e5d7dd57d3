import type { BrokerView } from '../../../shared/contract/app.ts'
import type { ConnectStep } from '../../state/connect.ts'

/** What a step of the dialog is given. */
export interface StepProps<K extends ConnectStep['kind']> {
  readonly step: Extract<ConnectStep, { kind: K }>
  readonly broker: BrokerView
}
