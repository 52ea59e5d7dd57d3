import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { startChild } from './support/child.ts'
import { tortureFolder } from './support/folder.ts'
import { atMost } from './support/lanes.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'
import { said, saidNumber, saidText } from './support/said.ts'

const ZONES = ['UTC', 'Asia/Kolkata', 'Australia/Sydney', 'Pacific/Honolulu', 'Pacific/Chatham']
const CORES = 2

/**
 * R6: a year in five time zones, with sleep, told or not, summer time, and a clock that is set by up to a quarter of an hour. No access
 * token runs out while the computer is awake, no connection asks more than once a minute, every night at midnight Eastern and every
 * seventh day is announced and told.
 */
export async function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const zones = fast ? ZONES.slice(3) : ZONES
  const days = fast ? 12 : 365
  using folder = tortureFolder('year', { inMemory: true })
  const years = await atMost(CORES, zones, async (zone, at) => {
    const data = path.join(folder.path, String(at))
    mkdirSync(data)
    // A steady clock stands still in a sleep on Linux and macOS, and goes on in one on Windows.
    const child = startChild('year.ts', [data, at % 2 === 0 ? 'stops' : 'goes-on', String(seed + at)], { env: { TZ: zone } })
    await child.next()
    child.tell({ days, seed: seed + at })
    const year = await child.next()
    child.strike('SIGKILL')
    await child.ended
    const failures = said(year, 'failures')
    const listed = Array.isArray(failures)
      ? failures.map(failure => `${String(failure)}: ${zone}, seed ${seed + at}`)
      : [`${zone}: ${child.complaint().slice(0, 500)}`]
    // Some zones have two names.
    if (saidText(year, 'zone') !== Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone)
      listed.push(`the process ran in ${saidText(year, 'zone')} instead of ${zone}`)
    return { year, listed }
  })
  const sum = (part: string): number => years.reduce((total, { year }) => total + (saidNumber(year, part) || 0), 0)
  const [requests, missed, tooOften, weeks, warned, nights, midnights] = [
    'requests',
    'missed',
    'tooOften',
    'weeks',
    'warned',
    'nights',
    'midnights',
  ].map(sum)
  const note = `${zones.length} zones, ${days} days: ${requests} renewals, ${missed} missed, ${tooOften} within a minute; ${midnights} of ${nights} midnights Eastern, ${warned} of ${weeks} weekly ends announced`
  const value = (missed ?? 0) + (tooOften ?? 0) + (nights ?? 0) - (midnights ?? 0) + (weeks ?? 0) - (warned ?? 0)
  const failures = years.flatMap(({ listed }) => listed)
  return [
    judge({ id: 'R6', runs: requests ?? 0, lost: missed ?? 0, value, unit: 'missed, too many or not announced', note, failures }, began),
  ]
}
