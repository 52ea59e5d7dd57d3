import { statSync } from 'node:fs'
import path from 'node:path'
import { filesOf, nativeBinary } from './contents.ts'
import type { PackagedApp } from './packaged-app.ts'

/** Bytes on the disk of an installed copy, Electron itself left out: that is the same for every app and not to be had without a network. */
export interface Sizes {
  /** All of the below. */
  readonly ours: number
  readonly main: number
  readonly preload: number
  readonly pages: number
  readonly native: number
  readonly files: number
}

export function sizesOf(app: PackagedApp): Sizes {
  const files = filesOf(app)
  const sum = (prefix: string): number =>
    files.filter(name => name.startsWith(prefix)).reduce((total, name) => total + statSync(path.join(app.extracted, name)).size, 0)
  const native = statSync(path.join(`${app.asar}.unpacked`, nativeBinary(app.platform, app.arch))).size
  return {
    ours: statSync(app.asar).size + native,
    main: sum('out/main/'),
    preload: sum('out/preload/'),
    pages: sum('out/renderer/'),
    native,
    files: files.length,
  }
}
