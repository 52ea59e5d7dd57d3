/** What goes on a call to prove who asks. `headers` hold secrets and are never logged. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>
  /** The same for brokers that sign each request (OAuth 1.0a): made anew for every try, `url` with its query. */
  readonly sign?: (request: { readonly method: string; readonly url: string }) => Readonly<Record<string, string>>
  /** Grows with each renewal, so a caller can say which authorization a broker refused. */
  readonly generation: number
  /** False where nothing can be renewed (API keys, Alpaca's tokens): the same authorization is all there is. */
  readonly renewable?: boolean
}

/** The answer that refused an authorization: it may say why. */
export interface RefusedAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface RenewOptions {
  readonly after: Authorization
  /** The refusal, where there is one to show. */
  readonly answer?: RefusedAnswer
  readonly signal: AbortSignal
}

/** The credentials of one connection, whatever the method. */
export interface Credentials {
  /** A currently valid authorization, renewed first when it is due. Throws AppError (auth/sign-in-needed, vault/locked, net/...). */
  authorize(options: { readonly signal: AbortSignal }): Promise<Authorization>
  /**
   * After the broker refused `after`: a newer authorization, or null when there is nothing to renew with (API keys, Alpaca).
   * Throws auth/sign-in-needed when the broker ended the session.
   */
  renew(options: RenewOptions): Promise<Authorization | null>
}
