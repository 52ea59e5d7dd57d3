import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')

test('knowing the brokers and opening the network loads neither schemas nor the HTTP library', () => {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context) } })
    await import('./electron/core/brokers/registry.ts')
    await import('./electron/core/net/http.ts')
    await import('./electron/core/net/broker-http.ts')
    await import('./electron/core/log/log.ts')
    console.log(loaded.filter(url => /node_modules\\/(?:zod|undici)/.test(url)).length, loaded.length)
  `
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' })
  const [libraries, files] = output.trim().split(' ').map(Number)
  expect(libraries).toBe(0)
  expect(files).toBeGreaterThan(10)
})
