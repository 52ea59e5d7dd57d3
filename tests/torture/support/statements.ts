import type Database from 'better-sqlite3'

/** Calls `pass` before and after every single statement this connection runs from now on by `exec` and `pragma`, however many a text holds. */
export function watchStatements(raw: Database.Database, pass: () => void): Database.Database {
  const exec = raw.exec.bind(raw)
  const pragma = raw.pragma.bind(raw)
  raw.exec = text => {
    for (const statement of statementsOf(raw, text)) {
      pass()
      exec(statement)
      pass()
    }
    return raw
  }
  raw.pragma = (source, options) => {
    pass()
    const answer: unknown = pragma(source, options)
    pass()
    return answer
  }
  return raw
}

/** One at a time, as each can be read only once those before it have run: a trigger holds semicolons of its own. */
function* statementsOf(raw: Database.Database, text: string): Generator<string> {
  let statement = ''
  for (const piece of text.split(/(?<=;)/)) {
    statement += piece
    if (!isWhole(raw, statement)) continue
    yield statement
    statement = ''
  }
  if (statement.trim() !== '') yield statement
}

function isWhole(raw: Database.Database, statement: string): boolean {
  try {
    raw.prepare(statement)
    return true
  } catch (error) {
    // Whatever else is wrong with it shows when it runs.
    return !(error instanceof Error && /incomplete input|contains no statements/.test(error.message))
  }
}
