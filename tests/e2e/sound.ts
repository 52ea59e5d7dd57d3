import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from 'playwright/test'

/** Instead of axe's source, in a page that has read it before. */
const KNOWN = 'void 0'

/** The rules of axe whose answer depends on colours: the others say the same of the same page in another theme. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block']


const BACKGROUND = { light: 'rgb(244, 246, 248)', dark: 'rgb(13, 16, 20)' } as const

/** The same page in both themes, as it stands. */
export async function expectSoundInBothThemes(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('body'), `${where} in ${colorScheme}`).toHaveCSS('background-color', BACKGROUND[colorScheme])
    await expectSound(page, `${where} in ${colorScheme}`, { axe: colorScheme === 'light' ? 'all' : 'colours' })
  }
}

/** No violations of WCAG 2.2 AA or axe's best practices, nothing wider than the window, and no figure cut, broken over lines or running out of its place. */
export async function expectSound(page: Page, where: string, { axe = 'all' }: { readonly axe?: 'all' | 'colours' } = {}): Promise<void> {
  // What fades in has no contrast yet: look once everything that ends has ended.
  await page.waitForFunction(() =>
    document.getAnimations().every(animation => animation.playState !== 'running' || animation.effect?.getComputedTiming().endTime === Infinity))
  expect(await violations(page, where, axe === 'colours')).toEqual([])
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow, `${where} scrolls sideways`).toBeLessThanOrEqual(0)
  expect(await page.evaluate(spoiledTexts), `${where}, as it is drawn`).toEqual([])
}

/** In the page: figures and words that a reader could not read whole. */
function spoiledTexts(): string[] {
  const places = 'td, th, button, .kpi, .card, .fact, .hist-slot, .panel'
  const seen = new Set<string>()
  const cuts = (element: Element): boolean => getComputedStyle(element).overflowX !== 'visible'
  for (const figure of document.querySelectorAll('.figure')) {
    if (figure.scrollWidth > figure.clientWidth + 1) seen.add(`cut: ${figure.textContent}`)
  }
  for (const line of document.querySelectorAll('.hist-slot')) {
    const { top, bottom } = line.getBoundingClientRect()
    for (const cell of line.querySelectorAll('[role=gridcell]')) {
      const own = cell.getBoundingClientRect()
      if (own.height > 0 && (own.bottom > bottom + 1 || own.top < top - 1)) seen.add(`over the next line: ${cell.textContent}`)
    }
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue ?? ''
    const holder = node.parentElement
    if (!holder || text.trim() === '' || !holder.checkVisibility() || holder.closest('.hidden-text, script, style, canvas, .plot')) continue
    for (const { 0: figure, index } of text.matchAll(/[−+]?[$€£]?\d[\d,.]*\d/g)) {
      range.setStart(node, index)
      range.setEnd(node, index + figure.length)
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) seen.add(`over two lines: ${text}`)
    }
    const place = holder.closest(places)
    if (!place) continue
    let between: Element | null = holder
    while (between && between !== place && !cuts(between)) between = between.parentElement
    if (between !== place || cuts(place)) continue
    range.selectNodeContents(node)
    const right = place.getBoundingClientRect().right
    if (right > 0 && range.getBoundingClientRect().right > right + 1) seen.add(`out of its place: ${text}`)
  }
  return [...seen]
}

/**
 * Axe runs in the page itself, which it reads once per document. Its other way puts the results together in a blank page of their own, for
 * each look: five times the work, for frames of other origins, which these pages do not have. Only what it would answer of rules that hold is left out.
 */
async function violations(page: Page, where: string, ofColours: boolean): Promise<string[]> {
  expect(page.frames(), `${where} has no frames`).toHaveLength(1)
  const isKnown = await page.evaluate(() => 'axe' in window)
  const axe = new AxeBuilder({ page, ...(isKnown ? { axeSource: KNOWN } : {}) }).setLegacyMode().options({ resultTypes: ['violations'] })
  const found = await (ofColours ? axe.withRules(OF_COLOURS) : axe).analyze()
  return found.violations.map(({ id, nodes }) => `${where}: ${id} ${nodes.map(node => node.target.join(' ')).join(', ')}`)
}
