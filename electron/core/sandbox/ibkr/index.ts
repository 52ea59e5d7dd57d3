import { Instant } from '../../../../shared/domain/time.ts'
import { createCertificate } from '../../oauth/certificate.ts'
import { openHttpStand } from '../http-stand.ts'
import type { StandOpener, StandOptions } from '../stand.ts'
import type { StandId } from '../stands.ts'
import { createIbkrBook } from './book.ts'
import { FLEX_KNOBS, createFlex } from './flex/simulator.ts'
import { GATEWAY_KNOBS, createGateway } from './gateway.ts'
import { OAUTH_KNOBS, createOauth } from './oauth.ts'
import { openTws } from './tws/stand.ts'

// The gateway ships one certificate for years, and clients hold its dates against their own clock, not the sandbox's.
const CERTIFICATE_FROM = Instant.parse('2020-01-01T00:00:00Z')
const CERTIFICATE_LIFE_MS = 28 * 365 * 86_400_000

/** How IBKR's stands are opened: four surfaces over one story. */
export function createIbkrStands(options: StandOptions): Readonly<Partial<Record<StandId, StandOpener>>> {
  const { seed, now, activities, host } = options
  const book = createIbkrBook({ seed, now, activities })
  return {
    'ibkr-flex': place =>
      openHttpStand({ stand: 'ibkr-flex', create: ({ knobs }) => createFlex(book, knobs), knobs: FLEX_KNOBS }, options, place),
    'ibkr-oauth': place =>
      openHttpStand({ stand: 'ibkr-oauth', create: made => createOauth(book, made), knobs: OAUTH_KNOBS }, options, place),
    async 'ibkr-gateway'(place) {
      const { certificatePem, keyPem } = await createCertificate(CERTIFICATE_FROM, CERTIFICATE_LIFE_MS)
      const tls = { key: keyPem, cert: certificatePem }
      return openHttpStand(
        { stand: 'ibkr-gateway', create: ({ knobs }) => createGateway(book, knobs), knobs: GATEWAY_KNOBS, tls },
        options,
        place,
      )
    },
    'ibkr-tws': place => openTws(book, place, host),
  }
}
