import { create } from 'zustand'
import type { MailSettingsView, NoticeView } from '../../shared/contract/notices.ts'
import type { OutputOf, RequestOf } from '../../shared/contract/routes.ts'
import { Instant } from '../../shared/domain/time.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import { createLoader, dataOf, idle, type Remote } from './remote.ts'

type NoticeList = OutputOf<'notices.list'>
export type MailForm = RequestOf<'notices.setMail'>

interface NoticesState {
  readonly list: Remote<NoticeList>
  readonly mail: Remote<MailSettingsView>
}

/** What Keelson has to say without being asked, and where it is mailed. */
export const useNotices = create<NoticesState>()(() => ({ list: idle, mail: idle }))

export const refreshNotices = createLoader<NoticesState, NoticeList>(
  useNotices,
  { get: state => state.list, put: list => ({ list }) },
  () => api().request('notices.list', { includeEnded: true }),
)

export const refreshMail = createLoader<NoticesState, MailSettingsView>(
  useNotices,
  { get: state => state.mail, put: mail => ({ mail }) },
  async () => (await api().request('notices.settings', {})).mail,
)

/** Rejects with BridgeError, as do all below. */
export async function markRead(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await api().request('notices.read', { ids: [...ids] })
  await refreshNotices()
}

export async function snooze(id: string, forMs: number): Promise<void> {
  await api().request('notices.snooze', { id, until: Instant.plus(now(), forMs) })
  await refreshNotices()
}

export async function dismiss(id: string): Promise<void> {
  await api().request('notices.dismiss', { id })
  await refreshNotices()
}

export async function saveMail(form: MailForm): Promise<void> {
  await api().request('notices.setMail', form)
  await refreshMail()
}

/** Sends a message now; answers where it went. */
export async function testMail(): Promise<string> {
  const { to } = await api().request('notices.testMail', {})
  await refreshMail()
  return to
}

export interface NoticeGroup {
  readonly word: string
  readonly notices: readonly NoticeView[]
}

/** Notices as the list shows them: what needs the user, what is good to know, what is kept quiet, what is over. */
export function groupNotices(notices: readonly NoticeView[], at: Instant): NoticeGroup[] {
  const isOver = ({ endedAt }: NoticeView) => endedAt !== null
  const isQuiet = ({ snoozedUntil }: NoticeView) => snoozedUntil !== null && Instant.isBefore(at, snoozedUntil)
  const standing = notices.filter(notice => !isOver(notice) && !isQuiet(notice))
  const isPressing = ({ severity }: NoticeView) => severity === 'danger' || severity === 'warning'
  return [
    { word: 'Needs you', notices: standing.filter(isPressing) },
    { word: 'Good to know', notices: standing.filter(notice => !isPressing(notice)) },
    { word: 'Snoozed', notices: notices.filter(notice => !isOver(notice) && isQuiet(notice)) },
    { word: 'Over', notices: notices.filter(isOver) },
  ].filter(group => group.notices.length > 0)
}

/** How many wait to be read. */
export function useUnread(): number {
  return useNotices(state => dataOf(state.list)?.unread ?? 0)
}
