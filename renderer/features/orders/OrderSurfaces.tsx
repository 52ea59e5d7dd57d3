import { AuditDrawer } from './Audit.tsx'
import { RearmDialog } from './KillSwitch.tsx'
import { LimitsDialog } from './LimitsDialog.tsx'
import { SettleDialog } from './SettleDialog.tsx'
import { TicketDialog } from './TicketDialog.tsx'
import { TradingDialog } from './TradingDialog.tsx'

/** What of the orders may lie over any page. */
export function OrderSurfaces() {
  return (
    <>
      <TicketDialog />
      <TradingDialog />
      <RearmDialog />
      <SettleDialog />
      <LimitsDialog />
      <AuditDrawer />
    </>
  )
}
