import { BlockList, isIP } from 'node:net'

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const V4 = `(?:127|10)(?:\\.${OCTET}){3}|192\\.168(?:\\.${OCTET}){2}|172\\.(?:1[6-9]|2\\d|3[01])(?:\\.${OCTET}){2}`
const V6 = '(?:::1|[Ff][CcDd][0-9A-Fa-f]{2}:[0-9A-Fa-f:]{1,35})'

/** Sources of regular expressions for a form: a host of the user's own as people write it, and as it stands in an address. */
export const OWN_HOST = `localhost|${V4}|${V6}|\\[${V6}\\]`
export const OWN_HOST_IN_URL = `(?:localhost|${V4}|\\[${V6}\\])`
export const OWN_HOST_SENTENCE =
  'This computer (localhost, 127.0.0.1, ::1) or the number of one in your own network: 10.x.x.x, 172.16.x.x to 172.31.x.x, 192.168.x.x or fd…'

const own = new BlockList()
own.addSubnet('127.0.0.0', 8)
own.addSubnet('10.0.0.0', 8)
own.addSubnet('172.16.0.0', 12)
own.addSubnet('192.168.0.0', 16)
own.addAddress('::1', 'ipv6')
own.addSubnet('fc00::', 7, 'ipv6')

/** Whether a host is this computer or one of a private network. Names but `localhost` are not: they can lead anywhere. */
export function isOwnHost(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  const bare = /^\[(.*)\]$/.exec(host)?.[1] ?? host
  const family = isIP(bare)
  return family !== 0 && own.check(bare, family === 6 ? 'ipv6' : 'ipv4')
}
