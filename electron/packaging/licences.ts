import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'
import { z } from 'zod'
import { type Licence, LICENCES_FILE } from '../../shared/contract/licences.ts'

const AuthorSchema = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])
const ManifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string().optional(), author: AuthorSchema.optional() })
/** Licence files by the names packages give them, the plainest first. */
const TEXTS = /^(?:licen[cs]e|copying|unlicense)(?:[-.](?:md|txt|mit|markdown))?$/i

/** What ships beside the bundles: the native module, and Electron with what it is made of. */
const BESIDE = ['better-sqlite3', 'electron']
const CHROMIUM: Licence = {
  name: 'Chromium and Node.js',
  version: 'as part of Electron',
  licence: 'BSD-3-Clause and others',
  text: 'Electron is made of Chromium, Node.js and the projects they use. Their licences lie in LICENSES.chromium.html beside the installed program.',
}

/** The packages some builds are made of. Each build takes its own plugin of the same list; the last one writes it. */
export interface LicenceList {
  /** Notes down what a build is made of. */
  collect(): Plugin
  /** The same, and then writes the list of all builds before into the folder. */
  write(folder: string): Plugin
}

/** `root` is the folder that holds node_modules: this file is bundled into a configuration, which moves it. */
export function createLicenceList(root: string): LicenceList {
  const folders = new Set(BESIDE.map(name => path.join(root, 'node_modules', name)))
  const collect = (): Plugin => ({
    name: 'keelson-licences',
    apply: 'build',
    // Styles and fonts leave their module empty once their content is in a file of its own.
    moduleParsed({ id }) {
      if (/\.css(?:\?|$)/.test(id)) note(id)
    },
    generateBundle(_options, bundle) {
      const parts = Object.values(bundle).filter(part => part.type === 'chunk')
      for (const { modules } of parts) for (const [id, { renderedLength }] of Object.entries(modules)) if (renderedLength > 0) note(id)
    },
  })
  function note(id: string): void {
    const folder = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1]
    if (folder !== undefined && existsSync(path.join(folder, 'package.json'))) folders.add(path.normalize(folder))
  }
  return {
    collect,
    write: folder => ({
      ...collect(),
      closeBundle() {
        mkdirSync(folder, { recursive: true })
        writeFileSync(path.join(folder, LICENCES_FILE), JSON.stringify({ packages: readLicences([...folders]) }))
      },
    }),
  }
}

/**
 * The licences of packages in these folders, by name, with Chromium's note at the end. One that names the MIT licence and leaves
 * its text out gets it; any other without a text has an empty one.
 */
export function readLicences(folders: readonly string[]): Licence[] {
  const read = folders.map(folder => {
    const {
      name,
      version,
      license = '',
      author,
    } = ManifestSchema.parse(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')))
    const text = readText(folder) || (license === 'MIT' ? mitText(author?.replace(/\s*[<(].*$/, '') ?? `the authors of ${name}`) : '')
    return { name, version, licence: license, text }
  })
  const sorted = read.sort((a, b) => (a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1))
  return [...sorted.filter((one, index) => one.name !== sorted[index - 1]?.name || one.version !== sorted[index - 1]?.version), CHROMIUM]
}

function readText(folder: string): string {
  const file = readdirSync(folder)
    .filter(name => TEXTS.test(name))
    .sort((a, b) => a.length - b.length)[0]
  return file === undefined ? '' : readFileSync(path.join(folder, file), 'utf8').trim()
}

function mitText(holder: string): string {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
}
