import { spawn } from 'node:child_process'

/** Runs a program on this terminal and answers with its exit code. Signals sent to us are passed on; Ctrl+C reaches it by itself. */
export function run(command: string, args: readonly string[], cwd: string): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(command, [...args], { cwd, stdio: 'inherit' })
    const passOn = (signal: NodeJS.Signals): void => void child.kill(signal)
    const ignore = (): void => undefined
    process.on('SIGINT', ignore)
    process.on('SIGTERM', passOn)
    process.on('SIGHUP', passOn)
    const end = (code: number): void => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', passOn)
      process.off('SIGHUP', passOn)
      resolve(code)
    }
    child.once('error', () => end(1))
    child.once('exit', (code, signal) => end(code ?? (signal === null ? 1 : 0)))
  })
}
