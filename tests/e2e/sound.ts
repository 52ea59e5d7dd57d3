import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from 'playwright/test'

/** No violations of WCAG 2.2 AA or axe's best practices, and nothing wider than the window. */
export async function expectSound(page: Page, where: string): Promise<void> {
  // What fades in has no contrast yet: look once everything that ends has ended.
  await page.waitForFunction(() =>
    document.getAnimations().every(animation => animation.playState !== 'running' || animation.effect?.getComputedTiming().endTime === Infinity))
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${where}: ${id} ${nodes.map(node => node.target.join(' ')).join(', ')}`)).toEqual([])
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow, `${where} scrolls sideways`).toBeLessThanOrEqual(0)
}
