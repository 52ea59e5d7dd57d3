import { BROKER_IDS, type BrokerId } from '../../shared/domain/broker.ts'
import { FAULT_NAMES, type Fault, type FaultName, type FaultScript } from '../core/sandbox/faults.ts'

/** Reads `--fault`: a fault for every broker, or `broker:fault` for one. Null when there is no such fault. */
export function readFault(text: string): FaultScript | null {
  const [first = '', second] = text.split(':')
  const name = second ?? first
  if (!isFault(name) || (second !== undefined && !isBroker(first))) return null
  const fault: Fault = { name }
  return Object.fromEntries(BROKER_IDS.filter(broker => second === undefined || broker === first).map(broker => [broker, fault]))
}

function isFault(text: string): text is FaultName {
  return FAULT_NAMES.some(name => name === text)
}

function isBroker(text: string): text is BrokerId {
  return BROKER_IDS.some(id => id === text)
}
