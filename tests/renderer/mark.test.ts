import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { repoRoot } from '../support/repo-root.ts'

test('the window has the sign of the app in the taskbar', () => {
  const read = (file: string): string => readFileSync(path.join(repoRoot, file), 'utf8')
  const [, mark = 'none'] = /id="mark"[^>]*? d="([^"]+)"/.exec(read('resources/icon.svg')) ?? []
  expect(read('renderer/ui/icons.tsx')).toContain(mark)
})
