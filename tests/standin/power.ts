import { Guarded } from './strict.ts'

const EVENTS = [
  'suspend',
  'resume',
  'lock-screen',
  'unlock-screen',
  'on-ac',
  'on-battery',
  'shutdown',
  'thermal-state-change',
  'speed-limit-change',
  'user-did-become-active',
  'user-did-resign-active',
]

/** Sleeping and waking; tests send the events. */
class PowerMonitor extends Guarded {
  onBatteryPower = false
  constructor() {
    super('powerMonitor', EVENTS)
  }
  getSystemIdleTime(): number {
    return 0
  }
  getSystemIdleState(): 'active' {
    return 'active'
  }
  isOnBatteryPower(): boolean {
    return this.onBatteryPower
  }
  getCurrentThermalState(): 'unknown' {
    return 'unknown'
  }
}
export const powerMonitor = new PowerMonitor()
