import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')

test('knowing the brokers and opening the network loads no library and no client of a broker', () => {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context) } })
    await import('./electron/core/brokers/registry.ts')
    await import('./electron/core/net/http.ts')
    await import('./electron/core/net/broker-http.ts')
    await import('./electron/core/log/log.ts')
    const early = loaded.filter(url => /node_modules|brokers\\/.*(?:client|map|wire|session|line)[.]ts$/.test(url))
    console.log(loaded.length, ...early)
  `
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' })
  const [files, ...early] = output.trim().split(' ')
  expect(early).toEqual([])
  expect(Number(files)).toBeGreaterThan(10)
})
