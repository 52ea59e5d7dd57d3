import { options } from './options.ts'
import { Guarded } from './strict.ts'

/** Light or dark, of the system or as the app sets it. Pages follow the test's own emulation. */
class NativeTheme extends Guarded {
  #source: 'system' | 'light' | 'dark' = 'system'
  #isSystemDark = options.isDark === true
  readonly shouldUseHighContrastColors = false
  readonly shouldUseInvertedColorScheme = false
  readonly prefersReducedTransparency = false
  constructor() {
    super('nativeTheme', ['updated'])
  }
  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source
  }
  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source
    this.emit('updated')
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.#isSystemDark : this.#source === 'dark'
  }
  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.#isSystemDark
  }
  /** The user's change of the system's theme, for tests. */
  changeSystem(isDark: boolean): void {
    this.#isSystemDark = isDark
    this.emit('updated')
  }
}
export const nativeTheme = new NativeTheme()
