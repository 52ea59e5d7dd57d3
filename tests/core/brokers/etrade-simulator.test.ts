import { describeBooks } from './support/describe-books.ts'

describeBooks('etrade')
