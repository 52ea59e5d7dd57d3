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

/** Where a way in is explained: a page of the broker's, or one of the guides that come with Keelson. */
export function Guide({ address }: { readonly address: string }) {
  if (address === '') return null
  if (!address.startsWith('https:')) return <span className="stamp guide-file">{`Set-up guide: ${address}`}</span>
  return (
    <a className="row guide" href={address} target="_blank" rel="noreferrer noopener">
      How to set it up
      <Icon name="external" />
    </a>
  )
}
