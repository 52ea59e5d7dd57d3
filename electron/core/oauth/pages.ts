import { createHash } from 'node:crypto'

const STYLE =
  'body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:#f6f7f9;color:#1b1f24}' +
  'main{max-width:26rem;padding:2rem;text-align:center}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:0;color:#57606a}' +
  '@media(prefers-color-scheme:dark){body{background:#14171b;color:#e6e8eb}p{color:#9aa4ae}}'

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

function page(title: string, text: string): Buffer {
  return Buffer.from(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${title} - Keelson</title><style>${STYLE}</style></head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>`,
    'utf8',
  )
}

/** The answer to the one valid result. Fixed bytes: nothing a visitor sends appears in it. */
export const RECEIVED_PAGE = page('Back to Keelson', 'The broker has answered. You can close this tab; Keelson shows how the sign-in went.')

/** The answer to every other visit. */
export const STRAY_PAGE = page('Nothing here', 'This is not the answer to an open sign-in. You can close this tab and return to Keelson.')

/** Headers of every answer: no scripts, no framing, nothing kept, nothing passed on. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  connection: 'close',
}
