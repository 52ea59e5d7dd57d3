import { create } from 'zustand'
import { type Licence, LICENCES_FILE, LicencesSchema } from '../../shared/contract/licences.ts'

export type Licences =
  | { readonly status: 'idle' }
  | { readonly status: 'loading' }
  /** This copy was built without the list. */
  | { readonly status: 'missing' }
  | { readonly status: 'ready'; readonly packages: readonly Licence[] }

interface LicencesState {
  readonly licences: Licences
}

/** The licences of what Keelson is built from. */
export const useLicences = create<LicencesState>()(() => ({ licences: { status: 'idle' } }))

/** Reads the list that lies beside the page; once is enough. */
export async function readLicences(): Promise<void> {
  const { status } = useLicences.getState().licences
  if (status === 'ready' || status === 'loading') return
  useLicences.setState({ licences: { status: 'loading' } })
  useLicences.setState({ licences: await fetchLicences() })
}

async function fetchLicences(): Promise<Licences> {
  try {
    const answer = await fetch(`./${LICENCES_FILE}`)
    const read = answer.ok ? LicencesSchema.safeParse(await answer.json()) : undefined
    return read?.success ? { status: 'ready', packages: read.data.packages } : { status: 'missing' }
  } catch {
    return { status: 'missing' }
  }
}
