import type * as Electron from 'electron'
import { record } from './log.ts'
import { strict } from './strict.ts'

const added = new Map<string, string>()
const removed = new Set<string>()

/** Chromium's reading of a command line: `--name` and `--name=value`, the last one counts. */
function switchesOf(argv: readonly string[]): Map<string, string> {
  const pairs = argv.map(arg => /^--([^=]+)(?:=(.*))?$/s.exec(arg)).filter(match => match !== null)
  return new Map(pairs.filter(([, name = '']) => !removed.has(name)).map(([, name = '', value = '']) => [name, value]))
}

export const commandLine = strict('app.commandLine', {
  hasSwitch: (name: string): boolean => added.has(name) || switchesOf(process.argv.slice(1)).has(name),
  getSwitchValue: (name: string): string => added.get(name) ?? switchesOf(process.argv.slice(1)).get(name) ?? '',
  appendSwitch(name: string, value = ''): void {
    record('app.commandLine.appendSwitch', name, value)
    added.set(name, value)
  },
  appendArgument: (value: string): void => record('app.commandLine.appendArgument', value),
  removeSwitch(name: string): void {
    record('app.commandLine.removeSwitch', name)
    added.delete(name)
    removed.add(name)
  },
}) satisfies Electron.CommandLine
