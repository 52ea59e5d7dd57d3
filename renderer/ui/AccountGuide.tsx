import type { MethodInfoView } from '../../shared/contract/app.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import { accountGuide } from '../lib/account-guides.ts'
import { Icon } from './icons.tsx'

/** For people without an account at a broker, where Keelson has something to say to them. */
export function AccountGuide({ broker }: { readonly broker: BrokerId }) {
  const guide = accountGuide(broker)
  if (!guide) return null
  return (
    <aside className="note info account-guide" aria-label={guide.question}>
      <Icon name="info" />
      <div className="grow stack">
        <p>
          <span className="strong">{guide.question}</span> {guide.answer}
        </p>
        <a className="row" href={guide.signUp.address} target="_blank" rel="noreferrer noopener">
          {guide.signUp.word}
          <Icon name="external" />
        </a>
        <p className="sub">{guide.practice}</p>
      </div>
    </aside>
  )
}

/** How a way in is set up: Keelson's own steps, and a page of the broker's. */
export function Guide({ info }: { readonly info: Pick<MethodInfoView, 'guide' | 'steps'> }) {
  const { guide, steps = [] } = info
  if (steps.length === 0) return <GuideLink address={guide} words="How to set it up" />
  return (
    <details className="guide-steps">
      <summary>How to set it up</summary>
      <ol>
        {steps.map(step => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <GuideLink address={guide} words="More on the broker's own page" />
    </details>
  )
}

function GuideLink({ address, words }: { readonly address: string; readonly words: string }) {
  if (!address.startsWith('https:')) return null
  return (
    <a className="row guide" href={address} target="_blank" rel="noreferrer noopener">
      {words}
      <Icon name="external" />
    </a>
  )
}
