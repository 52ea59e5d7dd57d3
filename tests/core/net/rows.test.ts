import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../../electron/core/net/json.ts'
import { parseRows } from '../../../electron/core/net/rows.ts'

const space = fc.constantFrom('', ' ', '\n', '\t ', '\r\n')
const row = fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }).map(value => JSON.stringify(value))
const name = fc.string({ maxLength: 6 }).filter(text => text !== '__proto__')

describe('rows inside an answer', () => {
  test('are the texts the answer was made of, wherever they lie', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 6 }),
        fc.array(name, { maxLength: 3 }),
        fc.json({ maxDepth: 2 }),
        space,
        (parts, at, other, gap) => {
          const inner = `[${gap}${parts.join(`${gap},${gap}`)}${gap}]`
          const text = at.reduceRight(
            (value, key) => `{${gap}${JSON.stringify(`${key}x`)}:${other},${JSON.stringify(key)}${gap}:${gap}${value}${gap}}${gap}`,
            inner,
          )
          expect(parseRows(text, at)).toEqual({ whole: parseJson(text), values: parts.map(parseJson), texts: parts })
        },
      ),
      { numRuns: 400 },
    )
  })

  test('keep every digit', () => {
    const rows = parseRows('{"a":{"b":[{"n":12345678901234567.5}]}}', ['a', 'b'])
    expect(rows).toMatchObject({ values: [{ n: '12345678901234567.5' }], texts: ['{"n":12345678901234567.5}'] })
  })

  test('may be one object instead of an array', () => {
    expect(parseRows('{"Accounts":{"Account": {"id":"1"} }}', ['Accounts', 'Account'])).toMatchObject({
      values: [{ id: '1' }],
      texts: ['{"id":"1"}'],
    })
    expect(parseRows(' {"id":"1"} ', [])?.texts).toEqual(['{"id":"1"}'])
  })

  test('are gathered from arrays on the way', () => {
    const text = '{"A":[{"P":[{"id":1},{"id":2}]},{"P":{"id":3}},{"P":null},{},null]}'
    expect(parseRows(text, ['A', 'P'])).toMatchObject({
      texts: ['{"id":1}', '{"id":2}', '{"id":3}'],
      values: [{ id: 1 }, { id: 2 }, { id: 3 }],
    })
  })

  test('come from the last of two equal names, escaped or not', () => {
    expect(parseRows('{"a":[1],"\\u0061":[{"id":2}]}', ['a'])).toMatchObject({ values: [{ id: 2 }], texts: ['{"id":2}'] })
  })

  test('of the first of two equal names are forgotten, whatever the second holds', () => {
    expect(parseRows('{"a":[{"id":1}],"a":null}', ['a'])).toMatchObject({ values: [], texts: [] })
    expect(parseRows('{"A":[{"p":[{"id":1}]},{"p":{"id":2},"p":[{"id":3}]}]}', ['A', 'p'])?.texts).toEqual(['{"id":1}', '{"id":3}'])
  })

  test.each(['', '  ', '{}', 'null', '{"a":null}', '{"a":{}}', '{"a":{"b":[]}}', '{"a":[]}'])('are none in %j', text => {
    expect(parseRows(text, ['a', 'b'])).toMatchObject({ values: [], texts: [] })
  })

  test.each(['1', '"a"', '{"a":"none"}', '{"a":{"b":true}}', '{"a":[1]}'])('are not in %j', text => {
    expect(parseRows(text, ['a', 'b'])).toBeUndefined()
  })

  test('are not those of a prototype', () => {
    expect(parseRows('{"a":{}}', ['constructor'])).toMatchObject({ values: [] })
    expect(parseRows('{"__proto__":[{"id":1}]}', ['__proto__'])).toMatchObject({ texts: ['{"id":1}'], values: [{ id: 1 }] })
  })

  test.each(['{"a":[1,}', '{"a":', '<a/>', '{"a":[1]}x'])('cannot be read from %j', text => {
    expect(() => parseRows(text, ['a'])).toThrow(SyntaxError)
  })
})
