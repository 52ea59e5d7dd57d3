export { errorViewOf, isCanceled } from '../bridge/index.ts'
