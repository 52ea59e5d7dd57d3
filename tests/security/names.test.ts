import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { listFiles, repoRoot } from '../support/source-tree.ts'

const read = (file: string): string => readFileSync(path.join(repoRoot, file), 'utf8')

/**
 * A key store files the key under `<name> Safe Storage` and, on macOS, shows it to programs with the same signature and identifier alone: under another name nobody would
 * ever open what was sealed before.
 */
test('the name the keys are filed under is what it was from the start', () => {
  expect(JSON.parse(read('package.json'))).toMatchObject({ name: 'keelson', productName: 'Keelson' })
  expect(read('electron-builder.yml')).toMatch(/^productName: Keelson$/m)
  expect(read('electron-builder.yml')).toMatch(/^appId: app\.keelson\.desktop$/m)
})

test('the app calls itself that once, before it asks for any key, and nobody calls it otherwise', () => {
  const calls = listFiles('electron').flatMap(file => [...read(file).matchAll(/\bsetName\(([^)]*)\)/g)].map(([, name]) => [file, name]))
  expect(calls).toEqual([['electron/shell/main.ts', "'Keelson'"]])
  expect(read('electron/shell/main.ts')).toContain("const APP_ID = 'app.keelson.desktop'")
})

test('the key store Chromium chooses is left to it: no file of the app picks a weaker one or turns its ways on and off', () => {
  const speakers = listFiles('electron').filter(file =>
    /password-store|SecretPortal|setUsePlainTextEncryption|use-mock-keychain'\)/.test(read(file)),
  )
  expect(speakers).toEqual([])
})
