/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access -- no type checker reads this file */
// `npm start` comes in here. Plain JavaScript, so that an old Node prints the sentence below instead of a syntax error.
const NEEDED = 24

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  console.error(
    `Keelson needs Node ${NEEDED}; this is Node ${process.versions.node}. Install Node ${NEEDED} from https://nodejs.org, then run npm ci && npm start again.`,
  )
  process.exitCode = 1
} else {
  const { start } = await import('./start.ts')
  process.exitCode = await start(process.argv.slice(2), process.env)
}
