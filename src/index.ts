export { InternalError } from './kernel/errors.js'
