import { type ReactNode, useId } from 'react'

interface PartProps {
  readonly title: string
  readonly hint: string
  readonly children: ReactNode
}

/** One panel of the health page. */
export function Part({ title, hint, children }: PartProps) {
  const heading = useId()
  return (
    <section className="panel part" aria-labelledby={heading}>
      <div className="part-head">
        <h2 id={heading}>{title}</h2>
        <p className="stamp">{hint}</p>
      </div>
      {children}
    </section>
  )
}
