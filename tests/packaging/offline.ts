import { spawnSync } from 'node:child_process'

/** How a command is kept from the network, for reports. */
export const CUTS = ['a network namespace of its own', 'proxies that lead nowhere'] as const

interface Offline {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cut: (typeof CUTS)[number]
}

/** Nothing listens there. */
const DEAD = 'http://127.0.0.1:9'

/**
 * The command, run so that it cannot reach a network: in a network namespace of its own where Linux allows that, else with every
 * proxy variable pointed to a dead port, which what downloads for electron-builder obeys.
 */
export function offline(command: string, args: readonly string[]): Offline {
  const way = [['-n'], ['-rn']].find(flags => process.platform === 'linux' && spawnSync('unshare', [...flags, 'true']).status === 0)
  if (way) return { command: 'unshare', args: [...way, command, ...args], env: {}, cut: 'a network namespace of its own' }
  const names = [
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'ALL_PROXY',
    'http_proxy',
    'https_proxy',
    'all_proxy',
    'npm_config_proxy',
    'npm_config_https_proxy',
    'GLOBAL_AGENT_HTTP_PROXY',
    'GLOBAL_AGENT_HTTPS_PROXY',
  ]
  const env = Object.fromEntries(names.map(name => [name, DEAD]))
  return { command, args, env: { ...env, NO_PROXY: '', no_proxy: '', ELECTRON_GET_USE_PROXY: '1' }, cut: 'proxies that lead nowhere' }
}
