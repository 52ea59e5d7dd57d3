import { createImportDesk } from '../../../../electron/core/services/import-desk.ts'
import { openConnection } from '../../../../electron/core/db/open.ts'
import { Instant } from '../../../../shared/domain/time.ts'

// Run as a process of its own: imports a file and is killed once the twentieth row is in.
const [file = '', text = ''] = process.argv.slice(2)
const db = openConnection(file)
let rows = 0
db.raw.function('one_more', () => {
  rows += 1
  if (rows === 20) process.kill(process.pid, 'SIGKILL')
  return rows
})
db.raw.exec('CREATE TEMP TRIGGER killer AFTER INSERT ON main.activities BEGIN SELECT one_more(); END')
const desk = createImportDesk(db)
const account = { kind: 'new', name: 'Old', number: '12345678', currency: 'USD' } as const
desk.preview({ previewId: 'pre_1', fileName: 'a.csv', text, broker: 'schwab', environment: 'live', account })
const plain = { include: 'new', addConflicts: false, acceptOtherAccount: false } as const
desk.commit({ previewId: 'pre_1', ...plain, importId: 'imp_1', connectionUuid: 'u1', at: Instant.parse('2026-03-12T10:00:00Z') })
