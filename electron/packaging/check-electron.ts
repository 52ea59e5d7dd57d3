import { readFileSync } from 'node:fs'
import { json } from 'node:stream/consumers'
import path from 'node:path'
import { ageTrouble, type Released } from './electron-age.ts'

// For the release: npm view electron time --json | node electron/packaging/check-electron.ts "$(date -u +%F)"
const manifest: unknown = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'))
const version = String(Reflect.get(Object(Reflect.get(Object(manifest), 'devDependencies')), 'electron'))
const said: unknown = await json(process.stdin)
const dates = typeof said === 'object' && said !== null ? Object.entries(said) : []
const released: Released = Object.fromEntries(dates.map(([name, at]) => [name, String(at)]))
const trouble = ageTrouble(version, released, new Date(process.argv[2] ?? ''))
process.stdout.write(`${trouble ?? `Electron ${version} may be shipped.`}\n`)
process.exitCode = trouble === null ? 0 : 1
