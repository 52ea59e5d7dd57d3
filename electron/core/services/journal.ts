import { AppError } from '../../../shared/contract/errors.ts'
import type { JournalEntry, JournalSubject } from '../../../shared/contract/journal.ts'
import type { InputOf } from '../../../shared/contract/routes.ts'
import { normalSymbol } from '../../../shared/domain/instrument.ts'
import type { Handlers } from '../bus/router.ts'
import type { Events } from '../bus/events.ts'
import type { Db, Reader } from '../db/open.ts'
import type { Clock, Random } from '../ports.ts'
import { dayTrades, firstEnvironment } from '../store/day-trades.ts'
import { entryPage, getEntry, insertEntry, removeEntry, tagCounts, updateEntry } from '../store/journal.ts'
import { linkOfActivity, type StoredSubject } from '../store/journal-links.ts'
import { tripById } from '../store/ledger-trips.ts'
import { getPicture, insertPicture, removePicture } from '../store/journal-pictures.ts'
import { draftOf } from './journal-draft.ts'
import { journalText } from './journal-export.ts'
import { readPicture, unusable } from './journal-picture.ts'

export type LedgerForJournal = Pick<Handlers, 'ledger.days' | 'ledger.bySymbol'>

export interface JournalDeps {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly random: Pick<Random, 'uuid'>
  readonly emit: Events['emit']
  readonly ledger: LedgerForJournal
}

const PART_ROWS = 200
const MOST_PICTURES = 20

/** Notes, tags, ratings and pictures of the user. */
export function createJournal({
  db,
  clock,
  random,
  emit,
  ledger,
}: JournalDeps): Pick<Handlers, Extract<keyof Handlers, `journal.${string}`>> {
  const changed = (): void => emit({ type: 'journal.changed' })
  const found = (id: string): JournalEntry => {
    const entry = getEntry(db.reader, id)
    if (!entry) throw new AppError('app/not-found')
    return entry
  }

  return {
    'journal.page'({ subject, symbol, ...query }) {
      const about = subject && askedSubject(db.reader, subject)
      return entryPage(db.reader, {
        ...query,
        subject: about,
        symbol: symbol === undefined ? undefined : normalSymbol(symbol.toUpperCase()),
      })
    },
    'journal.add'(input) {
      const id = `jrn_${random.uuid()}`
      insertEntry(db.writer, { ...fieldsOf(input), id, subject: foundSubject(db.reader, input.subject), at: clock.now() })
      changed()
      return found(id)
    },
    'journal.change'(input) {
      const before = found(input.id)
      if (before.updatedAt !== input.updatedAt) throw new AppError('journal/changed')
      const subject = isSame(before.subject, input.subject) ? null : foundSubject(db.reader, input.subject)
      updateEntry(db.writer, { ...fieldsOf(input), id: input.id, subject, at: clock.now() })
      changed()
      return found(input.id)
    },
    'journal.remove'({ id }) {
      if (!removeEntry(db.writer, id)) throw new AppError('app/not-found')
      changed()
      return {}
    },
    'journal.attach'({ id, name, base64 }) {
      const entry = found(id)
      if (entry.attachments.length >= MOST_PICTURES) throw unusable(`an entry holds ${MOST_PICTURES} at most`)
      insertPicture(db.writer, {
        id: `pic_${random.uuid()}`,
        entryId: id,
        name: name.replaceAll(/[\p{Cc}\p{Cf}]/gu, ''),
        ...readPicture(base64),
        at: clock.now(),
      })
      changed()
      return found(id)
    },
    'journal.detach'({ attachmentId }) {
      if (!removePicture(db.writer, attachmentId)) throw new AppError('app/not-found')
      changed()
      return {}
    },
    'journal.picture'({ attachmentId }) {
      const picture = getPicture(db.reader, attachmentId)
      if (!picture) throw new AppError('app/not-found')
      return { type: picture.type, base64: Buffer.from(picture.bytes).toString('base64') }
    },
    'journal.tags': () => tagCounts(db.reader),
    async 'journal.draft'({ day, environment = firstEnvironment(db.reader) }, context) {
      const scope = { environment, from: day, to: day }
      const [results, symbols] = [await ledger['ledger.days'](scope, context), await ledger['ledger.bySymbol'](scope, context)]
      return draftOf({
        day,
        results,
        symbols,
        trades: dayTrades(db.reader, day, environment),
        practice: environment === 'live' ? null : environment,
      })
    },
    'journal.export'({ format, after }) {
      const { rows, next } = entryPage(db.reader, { limit: PART_ROWS, after })
      return { text: journalText(rows, { format, header: after === undefined }), rows: rows.length, next }
    },
  }
}

function fieldsOf({
  day,
  title,
  text,
  tags,
  rating,
  isDraft,
}: InputOf<'journal.add'>): Pick<InputOf<'journal.add'>, 'day' | 'title' | 'text' | 'tags' | 'rating' | 'isDraft'> {
  return { day, title: title.trim(), text, tags, rating, isDraft }
}

function isSame(a: JournalSubject, b: JournalSubject): boolean {
  if (a.kind === 'trip') return b.kind === 'trip' && a.tripId === b.tripId
  if (a.kind === 'activity') return b.kind === 'activity' && a.activityId === b.activityId
  return a.kind === b.kind
}

/** What an entry is about with the row of history that stays behind it: of a round trip the one that opened it. Null for what is not there. */
function storedSubject(reader: Reader, subject: JournalSubject): StoredSubject | null {
  if (subject.kind === 'activity') {
    const link = linkOfActivity(reader, subject.activityId)
    return link && { kind: subject.kind, link, tripId: null }
  }
  if (subject.kind !== 'trip') return { kind: subject.kind, link: null, tripId: null }
  const trip = tripById(reader, subject.tripId)
  return trip && { kind: subject.kind, link: { account: trip.account, externalId: trip.key, symbol: trip.symbol }, tripId: subject.tripId }
}

/** The same for what must be there. Throws app/not-found. */
function foundSubject(reader: Reader, subject: JournalSubject): StoredSubject {
  const found = storedSubject(reader, subject)
  if (!found) throw new AppError('app/not-found')
  return found
}

/** The same for a question: of a round trip that is gone only its own notes are left. */
function askedSubject(reader: Reader, subject: JournalSubject): StoredSubject {
  return storedSubject(reader, subject) ?? { kind: subject.kind, link: null, tripId: subject.kind === 'trip' ? subject.tripId : null }
}
