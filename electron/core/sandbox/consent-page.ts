import { createHash } from 'node:crypto'
import type { Reply } from './exchange.ts'

const STYLE = `
:root{color-scheme:light dark;--ink:#14202b;--soft:#5b6b79;--line:#d9e0e6;--card:#fff;--page:#eef2f5;--go:#0b6e5f;--mark:#0b6e5f;--warn:#8a5a00;--warnbg:#fff4d6}
@media(prefers-color-scheme:dark){:root{--ink:#e8eef3;--soft:#9fb0be;--line:#2c3a46;--card:#17212a;--page:#0e151b;--go:#137a69;--mark:#3cc0aa;--warn:#ffd479;--warnbg:#3a2e10}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{width:min(30rem,calc(100vw - 2rem));background:var(--card);border:1px solid var(--line);border-radius:14px;padding:2rem;box-shadow:0 8px 30px rgb(0 0 0/.08)}
.tag{display:inline-block;background:var(--warnbg);color:var(--warn);font-weight:700;letter-spacing:.08em;font-size:.75rem;padding:.2rem .6rem;border-radius:99px}
h1{font-size:1.35rem;margin:.8rem 0 .4rem}p{margin:.4rem 0;color:var(--soft)}ul,fieldset{margin:1rem 0;padding:0;border:0;list-style:none}
legend{padding:0;font-weight:600}li,label{display:flex;gap:.7rem;align-items:center;padding:.7rem 0;border-top:1px solid var(--line)}
li::before{content:"\\2713";color:var(--mark);font-weight:700}small{margin-left:auto;color:var(--soft)}
.row{display:flex;gap:.8rem;margin-top:1.2rem}button{flex:1;padding:.75rem;border-radius:9px;border:1px solid var(--line);background:none;color:inherit;font:inherit;font-weight:600;cursor:pointer}
button[value=approve]{background:var(--go);border-color:var(--go);color:#fff}button:focus-visible,input:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
`
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

// The form's answer redirects to the app's own loopback listener, and browsers hold redirects of a form to form-action too.
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "form-action 'self' http://127.0.0.1:* https://127.0.0.1:* http://localhost:* https://localhost:*",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** What the page offers. All of it is the simulator's own text; nothing of the request is shown. */
export interface ConsentOffer {
  readonly brokerName: string
  readonly permissions: readonly string[]
  /** Accounts to choose from; empty where the broker has one account a sign-in. */
  readonly accounts: readonly { readonly key: string; readonly name: string; readonly masked: string }[]
}

/** The consent page. `ticket` (hex) names the waiting request; `action` is the form's own path. */
export function consentPage(offer: ConsentOffer, action: string, ticket: string): Reply {
  const accounts = offer.accounts.map(
    account =>
      `<label><input type="checkbox" name="account" value="${account.key}" checked>${account.name}<small>${account.masked}</small></label>`,
  )
  const choice = accounts.length === 0 ? '' : `<fieldset><legend>Accounts to share</legend>${accounts.join('')}</fieldset>`
  const permissions = offer.permissions.map(text => `<li>${text}</li>`).join('')
  const content = `<span class="tag">SANDBOX</span><h1>Allow Keelson to use your ${offer.brokerName} account?</h1>
<p>This is a simulated broker on your own computer. No real account and no real money is involved.</p>
<form method="post" action="${action}"><input type="hidden" name="ticket" value="${ticket}"><ul>${permissions}</ul>${choice}
<div class="row"><button name="decision" value="approve">Allow</button><button name="decision" value="deny">Deny</button></div></form>`
  return { status: 200, headers: HEADERS, body: page(`SANDBOX ${offer.brokerName} sign-in`, content) }
}

/** The page after a consent whose code is carried over by hand. The code is letters and digits. */
export function verifierPage(brokerName: string, code: string): Reply {
  const content = `<span class="tag">SANDBOX</span><h1>Keelson may use your ${brokerName} account</h1><p>Copy this code and paste it in Keelson.</p>
<p><output id="verifier">${code}</output></p>`
  return { status: 200, headers: HEADERS, body: page(`SANDBOX ${brokerName} code`, content) }
}

/** A page for a request that cannot be sent back to the app. The sentence is the simulator's own. */
export function refusalPage(status: number, sentence: string): Reply {
  const content = `<span class="tag">SANDBOX</span><h1>This sign-in cannot go on</h1><p>${sentence}</p>`
  return { status, headers: HEADERS, body: page('SANDBOX sign-in refused', content) }
}

function page(title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style></head><body><main>${content}</main></body></html>`
}
