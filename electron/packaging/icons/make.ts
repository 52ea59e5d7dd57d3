import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright'
import { toIcns, toIco } from './containers.ts'
import { appDrawings, type Drawing, macDrawings, readIcon, trayDrawings } from './drawings.ts'

/** Draws every image of the app from resources/icon.svg, with Chromium. KEELSON_CHROMIUM names another than Playwright's own. */
const resources = path.resolve(import.meta.dirname, '../../../resources')
const ICO_SIZES = new Set([16, 24, 32, 48, 64, 128, 256])

async function draw(drawings: readonly Drawing[]): Promise<Map<string, Buffer>> {
  const executable = process.env['KEELSON_CHROMIUM']
  const browser = await chromium.launch({
    ...(executable ? { executablePath: executable } : {}),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const page = await browser.newPage()
    const drawn = new Map<string, Buffer>()
    for (const { file, svg, pixels } of drawings) {
      await page.setViewportSize({ width: pixels, height: pixels })
      const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
      await page.setContent(
        `<body style="margin:0"><img src="${address}" width="${pixels}" height="${pixels}" style="display:block"></body>`,
      )
      drawn.set(file, await page.screenshot({ omitBackground: true }))
    }
    return drawn
  } finally {
    await browser.close()
  }
}

const source = readFileSync(path.join(resources, 'icon.svg'), 'utf8')
const parts = readIcon(source)
const [app, mac, tray] = [appDrawings(parts), macDrawings(parts), trayDrawings(parts)]
const drawn = await draw([...app, ...mac, ...tray])
const pictures = (drawings: readonly Drawing[]): { pixels: number; png: Buffer }[] =>
  drawings.flatMap(({ file, pixels }) => {
    const png = drawn.get(file)
    return png ? [{ pixels, png }] : []
  })

const files = new Map<string, Buffer>()
for (const { file } of [...app, ...tray]) files.set(file, drawn.get(file) ?? Buffer.alloc(0))
files.set('icon.ico', toIco(pictures(app.filter(({ pixels }) => ICO_SIZES.has(pixels)))))
files.set('icon.icns', toIcns(pictures(mac)))

for (const folder of ['icons', 'tray']) {
  rmSync(path.join(resources, folder), { recursive: true, force: true })
  mkdirSync(path.join(resources, folder), { recursive: true })
}
for (const [file, content] of files) writeFileSync(path.join(resources, file), content)
const hash = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')
const record = {
  source: hash(source),
  files: Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([file, content]) => [file, hash(content)])),
}
writeFileSync(path.join(resources, 'icons/made-from.json'), `${JSON.stringify(record, null, 2)}\n`)
