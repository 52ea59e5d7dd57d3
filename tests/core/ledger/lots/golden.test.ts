import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { LOT_METHODS } from '../../../../shared/domain/lot-method.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { costOfLot } from './support/sums.ts'

const folder = path.resolve(import.meta.dirname, '../../../golden')
const dec = z.string().transform(Dec.of)
const known = dec.nullable()
const VectorSchema = z.strictObject({
  name: z.string(),
  why: z.array(z.string()).min(1),
  method: z.enum(LOT_METHODS),
  events: z.array(z.strictObject({
    key: z.string(), day: z.string().transform(LocalDate.of), kind: z.enum(['fill', 'split', 'receive', 'deliver', 'exchange', 'end']).default('fill'), quantity: dec, price: known,
    multiplier: dec.default(Dec.of('1')), value: dec.optional(), costs: dec, effect: z.enum(['open', 'close']).nullable().default(null),
    picks: z.array(z.strictObject({ lot: z.string(), quantity: dec })).default([]),
  })),
  realizations: z.array(z.strictObject({ open: z.string(), close: z.string(), quantity: dec, proceeds: known, cost: known, pnl: known, short: z.boolean().default(false) })),
  lots: z.array(z.strictObject({ key: z.string(), quantity: dec, cost: known })),
  gaps: z.array(z.strictObject({ key: z.string(), quantity: dec })),
  deliveries: z.array(z.strictObject({ open: z.string(), quantity: dec, cost: known })).default([]),
  total: dec,
  trips: z.int().optional(),
})

const vectors = readdirSync(folder).filter(file => file.endsWith('.json')).map(file => VectorSchema.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))))

describe('the golden vectors', () => {
  test('are all there', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(28)
  })

  test.each(vectors.map(vector => [vector.name, vector] as const))('%s', (_name, vector) => {
    const book = matchLots(vector.events, vector.method)
    expect(book.realizations.map(({ openKey, closeKey, quantity, proceeds, cost, pnl, isShort }) => ({ open: openKey, close: closeKey, quantity, proceeds, cost, pnl, short: isShort })))
      .toEqual(vector.realizations)
    expect(book.lots.map(lot => ({ key: lot.key, quantity: lot.quantity, cost: costOfLot(lot) }))).toEqual(vector.lots)
    expect(book.gaps.map(({ key, quantity }) => ({ key, quantity }))).toEqual(vector.gaps)
    expect(book.deliveries.map(({ openKey, quantity, cost }) => ({ open: openKey, quantity, cost }))).toEqual(vector.deliveries)
    expect(Dec.sum(book.realizations.map(({ pnl }) => pnl ?? Dec.zero))).toBe(vector.total)
    expect(vector.trips ?? book.trip).toBe(book.trip)
  })
})
