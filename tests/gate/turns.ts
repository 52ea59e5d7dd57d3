/** One of several whose words go to one place. */
export interface Speaker {
  say(words: string | Uint8Array): void
  /** It has no more to say. */
  end(): void
}

interface Waiting {
  readonly kept: (string | Uint8Array)[]
  hasEnded: boolean
}

/**
 * Lets several speak at once and be read one after the other: who began first is heard as it speaks, what the others say is kept until
 * all who began before them have ended.
 */
export class Turns {
  readonly #write: (words: string | Uint8Array) => void
  readonly #speakers: Waiting[] = []

  constructor(write: (words: string | Uint8Array) => void) {
    this.#write = write
  }

  begin(): Speaker {
    const own: Waiting = { kept: [], hasEnded: false }
    this.#speakers.push(own)
    return {
      say: words => {
        own.kept.push(words)
        this.#hear()
      },
      end: () => {
        own.hasEnded = true
        this.#hear()
      },
    }
  }

  #hear(): void {
    for (let [first] = this.#speakers; first !== undefined; [first] = this.#speakers) {
      for (const words of first.kept.splice(0)) this.#write(words)
      if (!first.hasEnded) return
      this.#speakers.shift()
    }
  }
}
