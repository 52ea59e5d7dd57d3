import { BROKER_IDS } from '../../shared/domain/broker.ts'
import { FAULT_NAMES, type Fault, type FaultName, type FaultScript } from '../core/sandbox/faults.ts'
import { STAND_IDS, type StandId, standsOf } from '../core/sandbox/stands.ts'

/** Reads `--fault`: a fault for every stand, `stand:fault` for one, or `broker:fault` for all of a broker's. Null when there is none such. */
export function readFault(text: string): FaultScript | null {
  const [first = '', second] = text.split(':')
  const name = second ?? first
  const stands = second === undefined ? STAND_IDS : standsNamed(first)
  if (!isFault(name) || stands.length === 0) return null
  const fault: Fault = { name }
  return Object.fromEntries(stands.map(stand => [stand, fault]))
}

function standsNamed(text: string): readonly StandId[] {
  const broker = BROKER_IDS.find(id => id === text)
  return broker ? standsOf(broker) : STAND_IDS.filter(stand => stand === text)
}

function isFault(text: string): text is FaultName {
  return FAULT_NAMES.some(name => name === text)
}
