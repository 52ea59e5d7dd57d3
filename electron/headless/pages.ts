/** Answer pages of the door itself. They hold no script and repeat nothing of the request. */
export const LINK_NEEDED_PAGE = page(
  'Open Keelson with a fresh link',
  'This browser is not signed in to Keelson, or the link was used before: each link works once.',
  'Run <code>keelson open</code> in a terminal for a new one. Came here through a bookmark? <a href="/">Try again</a>.',
)

export const UI_MISSING_PAGE = page(
  'The user interface is not built',
  'Keelson runs, but its pages are missing.',
  'Run <code>npm run build</code> in the Keelson folder, then start it again.',
)

function page(title: string, first: string, second: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Keelson</title><meta name="viewport" content="width=device-width">
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem}h1{font-size:1.25rem}</style>
</head><body><main><h1>${title}</h1><p>${first}</p><p>${second}</p></main></body></html>
`
}
