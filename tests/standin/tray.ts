import type { Menu } from './menu.ts'
import { readImage, type StandinImage } from './native-image.ts'
import { Guarded } from './strict.ts'

const EVENTS = [
  'click',
  'right-click',
  'double-click',
  'middle-click',
  'balloon-show',
  'balloon-click',
  'balloon-closed',
  'mouse-enter',
  'mouse-leave',
  'mouse-up',
  'mouse-down',
]

/** An icon in the tray. */
export class Tray extends Guarded {
  image: StandinImage
  menu: Menu | null = null
  toolTip = ''
  #title = ''
  #isDestroyed = false
  constructor(image: string | StandinImage) {
    super('Tray', EVENTS)
    this.image = readImage(image)
  }
  #alive(): void {
    if (this.#isDestroyed) throw new Error('Tray is destroyed')
  }
  setImage(image: string | StandinImage): void {
    this.#alive()
    this.image = readImage(image)
  }
  setPressedImage(image: string | StandinImage): void {
    readImage(image)
  }
  setToolTip(text: string): void {
    this.#alive()
    this.toolTip = text
  }
  setTitle(title: string): void {
    this.#alive()
    this.#title = title
  }
  getTitle(): string {
    return this.#title
  }
  setContextMenu(menu: Menu | null): void {
    this.#alive()
    this.menu = menu
  }
  popUpContextMenu(menu?: Menu): void {
    ;(menu ?? this.menu)?.popup()
  }
  closeContextMenu(): void {
    this.menu?.closePopup()
  }
  setIgnoreDoubleClickEvents(): void {
    this.#alive()
  }
  getBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 1800, y: 1040, width: 24, height: 24 }
  }
  destroy(): void {
    this.#isDestroyed = true
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
}
