import { expect, test } from 'vitest'
import { futureOptionKey } from '../../shared/domain/future-option-key.ts'
import { LocalDate } from '../../shared/domain/time.ts'

const NEAR = LocalDate.of('2026-11-20')

test.each<[string, string | undefined]>([
  ['./ESZ26 ESZ26 261218P6300', '/ESZ26 P6300'],
  ['ESZ6 P6300', '/ESZ26 P6300'],
  ['ESZ6 P6300.0', '/ESZ26 P6300'],
  ['./ESZ26 EW4Z26 261224P6300', '/EW4Z26 P6300'],
  ['EW4Z6 P6300', '/EW4Z26 P6300'],
  ['ESZ6 C6300', '/ESZ26 C6300'],
  ['ESH7 P6300', '/ESH27 P6300'],
  ['./6EZ26 EUUZ26 261204C1.08', '/EUUZ26 C1.08'],
  ['EUUZ6 C10800', '/EUUZ26 C10800'],
  ['./ESZ26_P5900:XCME', undefined],
  ['/ESZ26', undefined],
  ['ESZ6', undefined],
  ['ESZ6 X6300', undefined],
  ['AAPL261218P00250000', undefined],
])('%s is %s', (symbol, key) => expect(futureOptionKey(symbol, NEAR)).toBe(key))
