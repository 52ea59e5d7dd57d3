import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from 'playwright/test'

/** Instead of axe's source, in a page that has read it before. */
const KNOWN = 'void 0'

/** No violations of WCAG 2.2 AA or axe's best practices, and nothing wider than the window. */
export async function expectSound(page: Page, where: string): Promise<void> {
  // What fades in has no contrast yet: look once everything that ends has ended.
  await page.waitForFunction(() =>
    document.getAnimations().every(animation => animation.playState !== 'running' || animation.effect?.getComputedTiming().endTime === Infinity))
  expect(await violations(page, where)).toEqual([])
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow, `${where} scrolls sideways`).toBeLessThanOrEqual(0)
}

/**
 * Axe runs in the page itself, which it reads once per document. Its other way puts the results together in a blank page of their own, for
 * each look: five times the work, for frames of other origins, which these pages do not have. Only what it would answer of rules that hold is left out.
 */
async function violations(page: Page, where: string): Promise<string[]> {
  expect(page.frames(), `${where} has no frames`).toHaveLength(1)
  const isKnown = await page.evaluate(() => 'axe' in window)
  const axe = new AxeBuilder({ page, ...(isKnown ? { axeSource: KNOWN } : {}) }).setLegacyMode().options({ resultTypes: ['violations'] })
  const found = await axe.analyze()
  return found.violations.map(({ id, nodes }) => `${where}: ${id} ${nodes.map(node => node.target.join(' ')).join(', ')}`)
}
