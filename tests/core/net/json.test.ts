import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseArray, parseJson } from '../../../electron/core/net/json.ts'
import { Dec } from '../../../shared/domain/decimal.ts'

/** Any JSON number literal a broker might print, up to 40 digits. */
const literal = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 22n }),
    fc.option(fc.stringMatching(/^\d{1,15}$/)),
    fc.option(fc.integer({ min: -9, max: 9 })),
  )
  .map(
    ([negative, whole, fraction, exponent]) =>
      `${negative ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
  )

const space = fc.constantFrom('', ' ', '\n', '\t ', '\r\n')

describe('parsing', () => {
  test('keeps every digit of every number, wherever it stands', () => {
    fc.assert(
      fc.property(literal, space, (text, gap) => {
        const values = [
          parseJson(`{"a"${gap}:${gap}${text}${gap}}`),
          parseJson(`[${gap}${text}]`),
          parseJson(`[0${gap},${gap}${text}]`),
          parseJson(text),
        ].map((value): unknown => (typeof value === 'object' && value !== null ? Object.values(value).at(-1) : value))
        expect(values.map(value => Dec.of(String(value)))).toEqual(values.map(() => Dec.of(text)))
      }),
      { numRuns: 400 },
    )
  })

  test('gives what JSON.parse gives for everything else', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        const plain: unknown = JSON.parse(text)
        fc.pre(!/\d(?:\.?\d){15}|\d[eE]/.test(text))
        expect(parseJson(text)).toEqual(plain)
      }),
      { numRuns: 300 },
    )
  })

  test('is not slowed down by ids and times that look like numbers', () => {
    expect(parseJson('{"id":"20220304135420903::047e252a","t":"2022-03-04T18:54:20.903569123Z","n":1.5}')).toEqual({
      id: '20220304135420903::047e252a',
      t: '2022-03-04T18:54:20.903569123Z',
      n: 1.5,
    })
  })

  test('keeps the last of two equal keys', () => {
    expect(parseJson('{"assetType":"A","assetType":"B"}')).toEqual({ assetType: 'B' })
  })

  test.each(['', '{', '[1,', '<html>', 'undefined', '{"a":01}', '[1]x'])('refuses %j', text => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
  })
})

describe('the elements of an array', () => {
  test('are the texts the array was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 8 }), space, (parts, gap) => {
        const text = `${gap}[${gap}${parts.join(`${gap},${gap}`)}${gap}]${gap}`
        expect(parseArray(text)).toEqual({ values: parseJson(text), texts: parts })
      }),
      { numRuns: 400 },
    )
  })

  test('survive quotes, brackets and backslashes inside strings', () => {
    const parts = ['"a]\\"b,{"', '{"x":"\\\\","y":["]"]}', '[[],{}]', '"\\\\\\""']
    expect(parseArray(`[${parts.join(',')}]`)?.texts).toEqual(parts)
  })

  test('keep every digit of every number, at any depth', () => {
    fc.assert(
      fc.property(literal, space, (number, gap) => {
        const rows = parseArray(`[{"a":[1,${gap}${number}],"b"${gap}:${gap}${number}},${number}]`)?.values ?? []
        const read: unknown[] = []
        JSON.stringify(rows, (_, value: unknown) => (typeof value === 'object' ? value : (read.push(value), null)))
        expect(read.map(value => Dec.of(String(value)))).toEqual([Dec.of('1'), ...Array.from({ length: 3 }, () => Dec.of(number))])
      }),
      { numRuns: 300 },
    )
  })

  test.each(['[', '[1,', '[1,]', '[1]x', '[{"a":1]', '["a', '[01]', '', '<html>', '[1}]'])('refuse %j', text => {
    expect(() => parseArray(text)).toThrow(SyntaxError)
  })

  test('are undefined for anything but an array', () => {
    expect([parseArray('{"a":[1]}'), parseArray('"[1]"'), parseArray(' 12')]).toEqual([undefined, undefined, undefined])
  })
})
