import { useMantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'

/** Says which ground the pages have in a theme the user chose, for whoever makes the next window; nothing while they follow the system. */
export function ThemeGround() {
  const { colorScheme } = useMantineColorScheme()
  useEffect(() => {
    document.querySelector('meta[name="theme-color"]')?.remove()
    if (colorScheme === 'auto') return
    const meta = document.createElement('meta')
    meta.name = 'theme-color'
    meta.content = getComputedStyle(document.documentElement).getPropertyValue('--bg').trim()
    document.head.append(meta)
  }, [colorScheme])
  return null
}
