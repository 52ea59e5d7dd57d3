/** What is wrong with a new passphrase, as a sentence. */
export function passphraseProblem(text: string, least: number): string | undefined {
  return text.length >= least ? undefined : `${least} characters or more.`
}

/** What is wrong with the minutes after which something locks, as a sentence. */
export function idleProblem(text: string, most: number): string | undefined {
  const minutes = Number(text)
  return /^\d+$/.test(text.trim()) && minutes >= 1 && minutes <= most ? undefined : `A whole number of minutes from 1 to ${most}.`
}
