import { plural } from '../../lib/format/index.ts'
import { closeConnect, openConnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { go } from '../../state/route.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Who } from './Choices.tsx'
import type { StepProps } from './step.ts'

/** It worked: what happens now by itself. */
export function DoneStep({ step, broker }: StepProps<'done'>) {
  const accounts = useConnections(state => dataOf(state.list)?.find(({ id }) => id === step.connectionId)?.accounts.length ?? 0)
  const finish = () => {
    closeConnect()
    go('overview')
  }
  return (
    <div className="stack-l">
      <Who broker={broker} environment={step.choice.environment} />
      <div className="row done">
        <span className="good">
          <Icon name="check" />
        </span>
        <p>
          {step.joined
            ? `It shows accounts you had connected already, so it became another way in of your ${broker.name} connection. `
            : ''}
          {accounts > 0 ? `${plural(accounts, 'account')} found. ` : ''}
          {step.choice.method === 'oauth' ? 'The tokens are sealed' : 'What you entered is sealed'}, and the history is being read now. You
          can close this and go on.
        </p>
      </div>
      <div className="dialog-foot">
        <Button onClick={openConnect}>Connect another</Button>
        <Button variant="primary" large onClick={finish} data-autofocus>
          See the overview
        </Button>
      </div>
    </div>
  )
}
