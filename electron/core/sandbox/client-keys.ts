import type { BrokerId } from '../../../shared/domain/broker.ts'

/** The app registration every simulator knows. Not secret: it opens nothing but a simulator on this machine. */
export const SANDBOX_CLIENTS: Readonly<Record<BrokerId, { readonly clientId: string; readonly clientSecret: string }>> = {
  alpaca: { clientId: 'keelson-sandbox-alpaca', clientSecret: 'sandbox-alpaca-secret-4f1d' },
  schwab: { clientId: 'keelson-sandbox-schwab', clientSecret: 'sandbox-schwab-secret-9b27' },
  ibkr: { clientId: 'keelson-sandbox-ibkr', clientSecret: 'sandbox-ibkr-secret-52ae' },
  tastytrade: { clientId: 'keelson-sandbox-tastytrade', clientSecret: 'sandbox-tastytrade-secret-c630' },
  etrade: { clientId: 'keelsonsandboxetrade00000000c0de', clientSecret: 'sandboxetradesecret0000000000e71d' },
  // The old API took no secret, and the key with or without `@AMER.OAUTHAP` behind it.
  tdameritrade: { clientId: 'KEELSONSANDBOX', clientSecret: '' },
}

/** The key pair of the Alpaca simulator's second way in. */
export const SANDBOX_ALPACA_KEY = { keyId: 'PKSANDBOX0000KEELSON', secret: 'sandbox-alpaca-key-secret-71c8' } as const

/** What a tastytrade user pastes after making a personal grant on the website. */
export const SANDBOX_TASTYTRADE_GRANT = {
  clientSecret: 'sandbox-tastytrade-secret-c630',
  refreshToken: 'sandbox-tastytrade-personal-refresh-token-18d2',
} as const

/** The Flex Web Service token and the activity query of the simulated IBKR account. */
export const SANDBOX_FLEX = { token: '901234567890123456789012', queryId: '654321' } as const

/** The paper account every simulated IBKR server shows. */
export const SANDBOX_TWS = { account: 'DU7654321' } as const
