import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createPassphraseBox, PASSPHRASE_BACKEND } from '../../electron/node/passphrase-box.ts'
import { createRandom } from '../../electron/node/random.ts'

const random = createRandom()

function boxFor(...answers: readonly string[]) {
  const left = [...answers]
  let asked = 0
  const ask = (): Promise<string> => {
    asked += 1
    return Promise.resolve(left.shift() ?? answers.at(-1) ?? '')
  }
  return { box: createPassphraseBox({ source: { ask, tries: answers.length }, random }), asked: () => asked }
}

describe('the passphrase box', () => {
  test('opens what it wrapped, also in a later run, and asks once', async () => {
    const key = randomBytes(32)
    const first = boxFor('correct horse')
    const wrapped = await first.box.wrap(key)
    expect(Buffer.from(await first.box.unwrap(wrapped, PASSPHRASE_BACKEND))).toEqual(key)
    expect(first.asked()).toBe(1)
    expect(Buffer.from(await boxFor('correct horse').box.unwrap(wrapped, PASSPHRASE_BACKEND))).toEqual(key)
  })

  test('wraps with a fresh salt each time and shows nothing of the key', async () => {
    const { box } = boxFor('correct horse')
    const key = randomBytes(32)
    const [one, two] = [Buffer.from(await box.wrap(key)), Buffer.from(await box.wrap(key))]
    expect(one.subarray(1, 17)).not.toEqual(two.subarray(1, 17))
    expect(one.includes(key)).toBe(false)
    expect(one).toHaveLength(1 + 16 + 12 + 16 + 32)
  })

  test('names a wrong passphrase, after as many questions as allowed', async () => {
    const wrapped = await boxFor('correct horse').box.wrap(randomBytes(32))
    const once = boxFor('wrong')
    await expect(once.box.unwrap(wrapped, PASSPHRASE_BACKEND)).rejects.toMatchObject({ code: 'vault/wrong-passphrase' })
    expect(once.asked()).toBe(1)
    const thrice = boxFor('wrong', 'Correct horse', 'correct horse')
    await thrice.box.unwrap(wrapped, PASSPHRASE_BACKEND)
    expect(thrice.asked()).toBe(3)
  })

  test('asks no more once it opened one key: another key it does not open is of another passphrase', async () => {
    const old = await boxFor('forgotten').box.wrap(randomBytes(32))
    const now = boxFor('new', 'new', 'new')
    const wrapped = await now.box.wrap(randomBytes(32))
    await expect(now.box.unwrap(old, PASSPHRASE_BACKEND)).rejects.toMatchObject({ code: 'vault/wrong-passphrase' })
    await now.box.unwrap(wrapped, PASSPHRASE_BACKEND)
    expect(now.asked()).toBe(1)
  })

  test('takes the same passphrase however the keyboard composed it', async () => {
    const wrapped = await boxFor('cafe\u0301').box.wrap(randomBytes(32))
    await expect(boxFor('caf\u00e9').box.unwrap(wrapped, PASSPHRASE_BACKEND)).resolves.toHaveLength(32)
  })

  test('refuses bytes that were changed, cut or wrapped elsewhere', async () => {
    const wrapped = Buffer.from(await boxFor('p').box.wrap(randomBytes(32)))
    const changed = Buffer.from(wrapped)
    changed[60] = (changed[60] ?? 0) ^ 1
    await expect(boxFor('p').box.unwrap(changed, PASSPHRASE_BACKEND)).rejects.toMatchObject({ code: 'vault/wrong-passphrase' })
    await expect(boxFor('p').box.unwrap(wrapped.subarray(0, 40), PASSPHRASE_BACKEND)).rejects.toMatchObject({ code: 'vault/key-damaged' })
    await expect(boxFor('p').box.unwrap(wrapped, 'system-keyring')).rejects.toMatchObject({ code: 'vault/backend-changed' })
  })

  test('lets other work go on while it derives the key', async () => {
    const { box } = boxFor('p')
    let done = false
    const wrapping = box.wrap(randomBytes(32)).then(() => (done = true))
    await new Promise(resolve => setImmediate(resolve))
    expect(done).toBe(false)
    await wrapping
  })
})
