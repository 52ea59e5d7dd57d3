import { create } from 'zustand'
import type { VaultStatusView } from '../../shared/contract/vault.ts'
import { api } from './api.ts'
import { refreshStatus } from './app.ts'
import { createLoader, idle, type Remote } from './remote.ts'

export interface RotationProgress {
  readonly done: number
  readonly total: number
}

interface VaultState {
  readonly status: Remote<VaultStatusView>
  /** How far a new key is; null when none is being made. */
  readonly progress: RotationProgress | null
}

/** The vault in detail: its store, the age of its key, a new key under way. */
export const useVault = create<VaultState>()(() => ({ status: idle, progress: null }))

export const refreshVault = createLoader<VaultState, VaultStatusView>(
  useVault,
  { get: state => state.status, put: status => (status.status === 'ready' ? { status, progress: status.data.rotation } : { status }) },
  () => api().request('vault.status', {}),
)

export function noteRotation(progress: RotationProgress): void {
  useVault.setState({ progress })
}

/** Seals every secret anew under a new key; resolves when it is done. Rejects with BridgeError. */
export async function rotateKey(): Promise<void> {
  useVault.setState({ progress: { done: 0, total: 0 } })
  try {
    await api().request('vault.rotate', {})
  } finally {
    useVault.setState({ progress: null })
    await Promise.all([refreshVault(), refreshStatus()])
  }
}

/** Changes the passphrase that guards the key. Rejects with BridgeError. */
export async function setVaultPassphrase(current: string, passphrase: string): Promise<void> {
  await api().request('vault.setPassphrase', { current, passphrase })
  await refreshVault()
}
