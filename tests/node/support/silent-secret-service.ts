import { connect } from 'node:net'

/**
 * Run inside a session bus: takes the name of the Secret Service there, prints a line once it has it, and never answers anybody.
 * It speaks just enough D-Bus for that: EXTERNAL authentication, Hello and RequestName.
 */
const address = process.env['DBUS_SESSION_BUS_ADDRESS'] ?? ''
const file = /unix:path=([^,;]+)/.exec(address)?.[1]
const abstract = /unix:abstract=([^,;]+)/.exec(address)?.[1] ?? ''

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const padded = (bytes: Buffer, to: number): Buffer => Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)])
const text = (value: string): Buffer => Buffer.concat([number(Buffer.byteLength(value)), Buffer.from(value), Buffer.of(0)])
const header = (code: number, type: 'o' | 's', value: string): Buffer => Buffer.concat([Buffer.of(code, 1, type.charCodeAt(0), 0), text(value)])
const signature = (value: string): Buffer => Buffer.concat([Buffer.of(8, 1, 'g'.charCodeAt(0), 0, value.length), Buffer.from(value), Buffer.of(0)])

function call(serial: number, member: string, body: Buffer, types: string): Buffer {
  const fields = [header(1, 'o', '/org/freedesktop/DBus'), header(2, 's', 'org.freedesktop.DBus'), header(3, 's', member), header(6, 's', 'org.freedesktop.DBus')]
  const all = [...fields, ...(types === '' ? [] : [signature(types)])].reduce((sum, field) => Buffer.concat([padded(sum, 8), field]), Buffer.alloc(0))
  const head = Buffer.concat([Buffer.of('l'.charCodeAt(0), 1, 0, 1), number(body.length), number(serial), number(all.length), all])
  return Buffer.concat([padded(head, 8), body])
}

const bus = connect({ path: file ?? `\0${abstract}` })
bus.once('connect', () => bus.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid?.() ?? 0)).toString('hex')}\r\n`))
bus.once('data', () => {
  bus.write('BEGIN\r\n')
  bus.write(call(1, 'Hello', Buffer.alloc(0), ''))
  bus.write(call(2, 'RequestName', Buffer.concat([padded(text('org.freedesktop.secrets'), 4), number(4)]), 'su'))
  // The bus tells of the name itself, and of being called; that is all that has to be known.
  bus.on('data', data => {
    if (data.includes('NameAcquired') && data.includes('org.freedesktop.secrets')) process.stdout.write('taken\n')
  })
})
