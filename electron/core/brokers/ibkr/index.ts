import { AppError } from '../../../../shared/contract/errors.ts'
import type { Broker } from '../adapter.ts'

/** Interactive Brokers. */
export const ibkr: Broker = {
  id: 'ibkr',
  name: 'Interactive Brokers',
  environments: {},
  can: { balances: false, positions: false, orders: false, activities: false, quotes: false, revoke: false, refresh: false, trading: null },
  scopes: [],
  registerAt: '',
  note: '',
  rateLimit: { requests: 60, perMs: 60_000 },
  methods: [],
  facts: {
    assetClasses: [], oauth: '', tokenLife: '', signInAgain: '', rateLimit: '', paper: '',
    fees: { text: '', source: '', asOf: '' },
    rating: null,
  },
  classify: () => undefined,
  connect() {
    throw new AppError('auth/method-unavailable', { details: { broker: 'Interactive Brokers' } })
  },
}
