import { AppError } from '../../../shared/contract/errors.ts'
import type { JournalEntry, JournalSubject } from '../../../shared/contract/journal.ts'
import type { InputOf } from '../../../shared/contract/routes.ts'
import { normalSymbol } from '../../../shared/domain/instrument.ts'
import type { CallContext, Handlers } from '../bus/router.ts'
import type { Events } from '../bus/events.ts'
import type { Db } from '../db/open.ts'
import type { Clock, Random } from '../ports.ts'
import { dayTrades, firstEnvironment } from '../store/day-trades.ts'
import { entryPage, getEntry, insertEntry, removeEntry, tagCounts, updateEntry } from '../store/journal.ts'
import { accountNumber, linkOfActivity, type StoredSubject } from '../store/journal-links.ts'
import { getPicture, insertPicture, removePicture } from '../store/journal-pictures.ts'
import { draftOf } from './journal-draft.ts'
import { journalText } from './journal-export.ts'
import { readPicture, unusable } from './journal-picture.ts'

export type LedgerForJournal = Pick<Handlers, 'ledger.trip' | 'ledger.days' | 'ledger.bySymbol'>

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
export function createJournal(deps: JournalDeps): Pick<Handlers, Extract<keyof Handlers, `journal.${string}`>> {
  const { db, clock, random, emit, ledger } = deps
  const changed = (): void => emit({ type: 'journal.changed' })
  const found = (id: string): JournalEntry => {
    const entry = getEntry(db.reader, id)
    if (!entry) throw new AppError('app/not-found')
    return entry
  }
  const subjects = createSubjects(deps)

  return {
    async 'journal.page'({ subject, symbol, ...query }, context) {
      const about = subject && (await subjects.asked(subject, context))
      return entryPage(db.reader, {
        ...query,
        subject: about,
        symbol: symbol === undefined ? undefined : normalSymbol(symbol.toUpperCase()),
      })
    },
    async 'journal.add'(input, context) {
      const id = `jrn_${random.uuid()}`
      const subject = await subjects.found(input.subject, context)
      insertEntry(db.writer, { ...fieldsOf(input), id, subject, at: clock.now() })
      changed()
      return found(id)
    },
    async 'journal.change'(input, context) {
      const before = found(input.id)
      const subject = isSame(before.subject, input.subject) ? null : await subjects.found(input.subject, context)
      // Nothing is waited for from here on, so nobody else comes between.
      if (found(input.id).updatedAt !== input.updatedAt) throw new AppError('journal/changed')
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

interface Subjects {
  /** Throws app/not-found for what is not there. */
  found(subject: JournalSubject, context: CallContext): Promise<StoredSubject>
  /** The same for a question: what is not there has no notes. */
  asked(subject: JournalSubject, context: CallContext): Promise<StoredSubject>
}

/** Finds the row of history that stays behind what an entry is about: of a round trip the one that opened it. */
function createSubjects({ db, ledger }: Pick<JournalDeps, 'db' | 'ledger'>): Subjects {
  async function found(subject: JournalSubject, context: CallContext): Promise<StoredSubject> {
    if (subject.kind === 'activity') {
      const link = linkOfActivity(db.reader, subject.activityId)
      if (!link) throw new AppError('app/not-found')
      return { kind: subject.kind, link, tripId: null }
    }
    if (subject.kind !== 'trip') return { kind: subject.kind, link: null, tripId: null }
    const { trip, fills } = await ledger['ledger.trip']({ id: subject.tripId }, context)
    const opening = fills[0]?.activityId ?? null
    const account = accountNumber(db.reader, trip.accountId)
    if (account === null) throw new AppError('app/not-found')
    const row = opening === null ? null : linkOfActivity(db.reader, opening)
    return { kind: subject.kind, link: { account, externalId: row?.externalId ?? null, symbol: trip.symbol }, tripId: subject.tripId }
  }

  return {
    found,
    async asked(subject, context) {
      try {
        return await found(subject, context)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'app/not-found') throw error
        return { kind: subject.kind, link: null, tripId: subject.kind === 'trip' ? subject.tripId : null }
      }
    },
  }
}
