import { chmodSync, copyFileSync, appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/** Platforms by Electron's names. */
export type Platform = 'linux' | 'win32' | 'darwin'

const root = path.resolve(import.meta.dirname, '../..')
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** As Electron 45 comes: nine fuses, each still '1' on or '0' off. */
const FUSES_AS_SHIPPED = '101100011'
const LOCALES = ['en-US', 'de', 'fr']
const HELPERS = ['Helper', 'Helper (GPU)', 'Helper (Renderer)', 'Helper (Plugin)']

/** What @electron/fuses looks for in the binary: the sentinel, the version of the wire, its length, and a character for each fuse. */
function fuseWire(): Buffer {
  return Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, FUSES_AS_SHIPPED.length]), Buffer.from(FUSES_AS_SHIPPED)])
}

/**
 * Lays out, in an empty folder, the least of an unpacked Electron that electron-builder packages an app with: the names and the fuse
 * wire are Electron's, the contents are not, so that no download is needed. Nothing laid out here can be started.
 */
export function layFakeDist(platform: Platform, folder: string): void {
  const put = (name: string, content: string | Buffer = 'not the real one'): string => {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
    return file
  }
  const executable = (name: string, content: string | Buffer = '#!/bin/sh\nexit 0\n'): void => chmodSync(put(name, content), 0o755)
  put('version', electronVersion())
  put('LICENSE')
  put('LICENSES.chromium.html')
  if (platform === 'darwin') layMac(put, executable)
  else {
    for (const locale of LOCALES) put(`locales/${locale}.pak`)
    put('resources.pak')
    put('icudtl.dat')
    mkdirSync(path.join(folder, 'resources'))
    if (platform === 'win32') layWindows(put('electron.exe'))
    else
      for (const name of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler'])
        executable(name, Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), fuseWire()]))
  }
}

/** electron-builder writes icon, version and the asar's hash into the executable, so it has to be a real one: a small one that is installed. */
function layWindows(file: string): void {
  copyFileSync(path.join(root, 'node_modules/electron-winstaller/vendor/Setup.exe'), file)
  appendFileSync(file, fuseWire())
}

function layMac(
  put: (name: string, content?: string | Buffer) => string,
  executable: (name: string, content?: string | Buffer) => void,
): void {
  const contents = 'Electron.app/Contents'
  const framework = `${contents}/Frameworks/Electron Framework.framework`
  put(`${contents}/Info.plist`, plist('Electron', 'com.github.Electron'))
  executable(`${contents}/MacOS/Electron`)
  executable(`${framework}/Electron Framework`, fuseWire())
  put(`${contents}/Resources/electron.icns`)
  for (const locale of ['en', 'de', 'fr']) {
    put(`${contents}/Resources/${locale}.lproj/locale.pak`)
    put(`${framework}/Versions/A/Resources/${locale}.lproj/locale.pak`)
  }
  for (const helper of HELPERS) {
    const name = `Electron ${helper}`
    put(`${contents}/Frameworks/${name}.app/Contents/Info.plist`, plist(name, 'com.github.Electron.helper'))
    executable(`${contents}/Frameworks/${name}.app/Contents/MacOS/${name}`)
  }
}

function plist(name: string, id: string): string {
  const entries = { CFBundleName: name, CFBundleExecutable: name, CFBundleIdentifier: id, CFBundleVersion: electronVersion() }
  const lines = Object.entries(entries).map(([key, value]) => `<key>${key}</key><string>${value}</string>`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>${lines.join('')}<key>ElectronAsarIntegrity</key><dict/></dict></plist>
`
}

function electronVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8')))
    .version
}
