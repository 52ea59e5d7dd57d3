// First step of every npm script that runs TypeScript. Plain JavaScript, so that an old Node prints a sentence instead of a syntax error.
const NEEDED = 24

if (Number.parseInt(process.versions.node, 10) !== NEEDED) {
  console.error(`Keelson needs Node ${NEEDED}; this is Node ${process.versions.node}. Install Node ${NEEDED} from https://nodejs.org and try again.`)
  process.exit(1)
}
