import type { FieldSpec } from '../../../../shared/domain/broker.ts'
import { EXCHANGE_ZONE, LocalDate, startOfDay } from '../../../../shared/domain/time.ts'
import { NO_POLICY, type TokenPolicy } from '../../../../shared/domain/token-policy.ts'
import type { BrokerMethod } from '../adapter.ts'
import { OWN_HOST, OWN_HOST_IN_URL, OWN_HOST_SENTENCE } from '../own-host.ts'
import { flexWords, gatewayWords, oauthWords, twsWords } from './method-words.ts'
import { suggestGateway, suggestTws } from './ports.ts'

const DAY_MS = 86_400_000

/** A renewal keeps the refresh token; IBKR states no end of the sign-in. */
const oauthPolicy: TokenPolicy = { ...NO_POLICY, accessMs: DAY_MS, rotation: 'keeps' }

/** Once a week TWS wants a full sign-in. Source: IBKR, "Auto restart considerations": tokens end on Sunday at 1:00 Eastern. */
const twsPolicy: TokenPolicy = {
  ...NO_POLICY,
  signInAgain: { kind: 'weekly', weekday: 0, time: '01:00', zone: EXCHANGE_ZONE },
  restartsNightly: true,
}

/** A sign-in in the browser lasts about a day. */
const gatewayPolicy: TokenPolicy = { ...NO_POLICY, signInAgain: { kind: 'after', ms: DAY_MS } }

/** The user chooses the token's last day at IBKR and copies it here. */
const flexPolicy: TokenPolicy = { ...NO_POLICY, signInAgain: { kind: 'stated' } }

function field(name: string, spec: Omit<FieldSpec, 'name'>): FieldSpec {
  return { name, ...spec }
}

const twsFields: readonly FieldSpec[] = [
  field('host', {
    label: 'Host',
    hint: 'The computer TWS runs on: this one, or one of your own network.',
    kind: 'text',
    pattern: OWN_HOST,
    problem: OWN_HOST_SENTENCE,
    initial: '127.0.0.1',
    required: true,
  }),
  field('port', {
    label: 'Port',
    hint: 'TWS: 7496, paper 7497. IB Gateway: 4001, paper 4002. See Global Configuration, API, Settings.',
    kind: 'number',
    pattern: '[1-9]\\d{0,4}',
    problem: 'A port such as 7496.',
    initial: '7496',
    initialIn: { paper: '7497', sandbox: '7497' },
    required: true,
  }),
  field('client-id', {
    label: 'Client id',
    hint: 'Any number no other program uses. If it is taken, the next four are tried.',
    kind: 'number',
    pattern: '\\d{1,6}',
    problem: 'A number up to 999999.',
    initial: '7',
    required: true,
  }),
  field('read-only', {
    label: 'Read only',
    hint: 'With yes, no order leaves through this way in and none is asked for. To place orders choose no, and switch off Read-Only API in TWS as well.',
    kind: 'text',
    pattern: 'yes|no',
    problem: 'yes or no.',
    initial: 'yes',
    required: true,
  }),
]

const flexFields: readonly FieldSpec[] = [
  field('token', {
    label: 'Token',
    hint: 'From Flex Web Service Configuration. Set it to last a year: the usual six hours are over before the next sync.',
    kind: 'secret',
    pattern: '[0-9A-Za-z]{6,64}',
    problem: 'A token has digits and letters only.',
    initial: '',
    required: true,
  }),
  field('query-id', {
    label: 'Query id',
    hint: 'The number of your Activity Flex Query, shown beside its name.',
    kind: 'text',
    pattern: '\\d{1,12}',
    problem: 'A query id is a number.',
    initial: '',
    required: true,
  }),
  field('expires-on', {
    label: 'Token expires on',
    hint: 'IBKR shows the day beside the token. Keelson reminds you before it.',
    kind: 'day',
    pattern: null,
    problem: 'A day such as 2027-03-31.',
    initial: '',
    required: false,
    future: true,
  }),
]

const gatewayFields: readonly FieldSpec[] = [
  field('address', {
    label: 'Address',
    hint: 'Where the Client Portal Gateway runs. Its certificate is remembered with the first connection.',
    kind: 'text',
    pattern: `https://${OWN_HOST_IN_URL}(?::\\d{1,5})?/?`,
    problem: `An address such as https://localhost:5000. ${OWN_HOST_SENTENCE}`,
    initial: 'https://localhost:5000',
    required: true,
  }),
]

/** The ways in, the preferred one first. */
export const methods: readonly BrokerMethod[] = [
  {
    method: 'oauth',
    label: 'Sign in at IBKR',
    needs: 'A client id that IBKR has approved. IBKR gives them to companies; most private users are better off with TWS and Flex.',
    life: '24 hours, renewed by itself as long as IBKR allows it.',
    fields: [],
    policy: oauthPolicy,
    ...oauthWords,
  },
  {
    method: 'tws',
    label: 'TWS or IB Gateway',
    needs: 'Trader Workstation or IB Gateway running and signed in, with API connections allowed.',
    life: 'As long as TWS runs. It restarts every night, and wants a full sign-in once a week.',
    fields: twsFields,
    policy: twsPolicy,
    suggest: suggestTws,
    ...twsWords,
  },
  {
    method: 'gateway',
    label: 'Client Portal Gateway',
    needs: "IBKR's Client Portal Gateway running on this computer, and a sign-in to it in the browser.",
    life: 'About a day, then you sign in again in the browser. A sign-in elsewhere with the same user ends it.',
    fields: gatewayFields,
    policy: gatewayPolicy,
    suggest: suggestGateway,
    ...gatewayWords,
  },
  {
    method: 'flex',
    label: 'Flex reports',
    needs: 'A Flex Web Service token and the id of an Activity Flex Query, both made in the Client Portal.',
    life: 'As long as you set for the token, at most a year.',
    fields: flexFields,
    policy: flexPolicy,
    expiresAt: values => {
      const day = values['expires-on'] ?? ''
      return LocalDate.is(day) ? startOfDay(day, EXCHANGE_ZONE) : null
    },
    ...flexWords,
  },
]
