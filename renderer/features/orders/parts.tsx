import { type ReactNode, useId } from 'react'
import type { Environment } from '../../../shared/domain/broker.ts'
import { environmentMeaning } from '../../lib/format/index.ts'
import { orderStatus } from '../../lib/order-words.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Icon } from '../../ui/icons.tsx'

interface PartProps {
  readonly title: string
  readonly hint?: string
  readonly side?: ReactNode
  readonly children: ReactNode
}

/** One panel of the orders page. */
export function Part({ title, hint, side, children }: PartProps) {
  const heading = useId()
  return (
    <section className="panel part orders-part" aria-labelledby={heading}>
      <div className="part-head">
        <h2 id={heading}>{title}</h2>
        {hint ? <p className="stamp">{hint}</p> : null}
        {side ? <div className="part-side">{side}</div> : null}
      </div>
      {children}
    </section>
  )
}

/** Text of a broker or a program: plain, one line, in the order it was written. */
export function Plain({ text }: { readonly text: string }) {
  return (
    <span className="plain-data" dir="ltr">
      {visibleText(text)}
    </span>
  )
}

const MONEY = { live: 'Real money', paper: 'Practice money', sandbox: 'Simulated money' } as const

/** `Real money`. */
export function moneyWords(environment: Environment): string {
  return MONEY[environment]
}

/** The band over everything that can move money: which kind of money it is. */
export function EnvBand({ environment, children }: { readonly environment: Environment; readonly children?: ReactNode }) {
  return (
    <div className={`env-band ${environment}`}>
      <EnvBadge environment={environment} />
      <span className="grow">{children ?? environmentMeaning(environment)}</span>
    </div>
  )
}

const ICONS = { good: 'check', warn: 'warn', bad: 'close', neutral: 'clock' } as const

/** A status as a word with a shape of its own. */
export function OrderStatus({ status, statusText }: { readonly status: string; readonly statusText: string }) {
  const { word, tone } = orderStatus({ status, statusText })
  return (
    <span className={`order-status ${tone}`}>
      <Icon name={ICONS[tone]} />
      {word}
    </span>
  )
}
