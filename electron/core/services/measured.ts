import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import type { RunRecorder, RunSubject } from '../metrics/runs.ts'
import { getConnection } from '../store/connections.ts'

type Measured = Pick<Handlers, 'connections.test' | 'connections.try' | 'connections.withForm'>

/** The same handlers, with how they end taken down: tests of connections and forms, and sign-ins by a form. */
export function measured({ db, record }: { readonly db: Db; readonly record: RunRecorder }, handlers: Measured): Measured {
  return {
    'connections.test'(input, context) {
      const connection = getConnection(db.reader, input.connectionId)
      const run = () => handlers['connections.test'](input, context)
      if (!connection) return run()
      const { broker, environment, method, id } = connection
      return record.measure('test', { broker, environment, method, connectionId: id }, run)
    },
    'connections.try': (input, context) => record.measure('test', subjectOf(input), () => handlers['connections.try'](input, context)),
    'connections.withForm': (input, context) =>
      record.measure(
        'sign-in',
        subjectOf(input),
        () => handlers['connections.withForm'](input, context),
        ({ connectionId }) => ({ connectionId }),
      ),
  }
}

function subjectOf({ broker, environment, method }: Omit<RunSubject, 'connectionId'>): RunSubject {
  return { broker, environment, method, connectionId: null }
}
