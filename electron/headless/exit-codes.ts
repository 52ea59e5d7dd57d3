/**
 * How every command ends, for scripts:
 *
 * | code | meaning |
 * |------|---------|
 * | 0    | done; a sync may be partial and says so |
 * | 1    | failed; the sentence and its code say why |
 * | 2    | wrong usage: unknown command, option or value |
 * | 3    | a sign-in is needed, or the sign-in was declined or failed |
 * | 4    | another Keelson holds this data folder and does not answer, or already serves it |
 * | 5    | the vault is locked or the passphrase is wrong |
 * | 6    | `health` found a danger: something does not work until somebody does something |
 * | 7    | the app lock is closed, or its passphrase was refused |
 * | 8    | an order was sent, and whether the broker took it is not known yet; it is never sent again |
 * | 130  | stopped by the user |
 */
export const EXIT = { ok: 0, failed: 1, usage: 2, signIn: 3, busy: 4, vault: 5, unhealthy: 6, locked: 7, unknown: 8, stopped: 130 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The exit code of a failure, by its error code. */
export function exitCodeOf(code: string): ExitCode {
  if (code === 'app/busy') return EXIT.busy
  if (code === 'app/locked' || code.startsWith('lock/')) return EXIT.locked
  if (code === 'app/canceled') return EXIT.stopped
  if (code === 'app/invalid-request' || code === 'app/name-too-long' || code === 'auth/method-unavailable') return EXIT.usage
  if (code.startsWith('auth/')) return EXIT.signIn
  if (code === 'order/unknown') return EXIT.unknown
  return code.startsWith('vault/') ? EXIT.vault : EXIT.failed
}
