import { inspect } from 'node:util'

const HIDDEN = '[secret]'

/** A value that cannot print: logs, JSON, template strings and the inspector all show `[secret]`. */
export class Secret {
  readonly #value: string

  private constructor(value: string) {
    this.#value = value
  }

  static of(value: string): Secret {
    return new Secret(value)
  }

  /** The value itself, for the wire and the seal only. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}
