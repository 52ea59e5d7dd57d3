import './trusted-text.ts'
import './zod-config.ts'
import '@fontsource-variable/inter/wght.css'
import './ui/styles/mantine.css'
import './ui/styles/index.css'
import { createTheme, MantineProvider } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import { openBridge } from './bridge/index.ts'
import { App } from './features/shell/App.tsx'
import { setBridge } from './state/api.ts'
import { followLink } from './state/link.ts'
import { watchPresence } from './state/lock.ts'
import { followAddress, goToScreen } from './state/route.ts'
import { refreshAll, wireEvents } from './state/wire-events.ts'
import { followFocus } from './ui/focus-return.ts'
import { ThemeGround } from './ui/ThemeGround.tsx'

const bridge = openBridge(window)
setBridge(bridge)
followLink(bridge)
wireEvents(bridge)
followAddress()
window.keelson?.onScreen(goToScreen)
followFocus()
watchPresence(window)
void refreshAll()

const theme = createTheme({
  fontFamily: 'var(--font)',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Menus stay where they are opened: inside their landmark and in the natural order of the Tab key.
    Menu: {
      defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, withinPortal: false, withInitialFocusPlaceholder: false },
    },
    Popover: { defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, withinPortal: false } },
  },
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <ThemeGround />
      <App />
    </MantineProvider>,
  )
}
