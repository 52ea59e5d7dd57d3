import type { BrokerId } from '../../../shared/domain/broker.ts'

/** The app registration every simulator knows. Not secret: it opens nothing but a simulator on this machine. */
export const SANDBOX_CLIENTS: Readonly<Record<BrokerId, { readonly clientId: string; readonly clientSecret: string }>> = {
  alpaca: { clientId: 'keelson-sandbox-alpaca', clientSecret: 'sandbox-alpaca-secret-4f1d' },
  schwab: { clientId: 'keelson-sandbox-schwab', clientSecret: 'sandbox-schwab-secret-9b27' },
}

/** The key pair of the Alpaca simulator's second way in. */
export const SANDBOX_ALPACA_KEY = { keyId: 'PKSANDBOX0000KEELSON', secret: 'sandbox-alpaca-key-secret-71c8' } as const
