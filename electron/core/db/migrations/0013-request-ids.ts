import { migration } from '../migration.ts'

/**
 * Requests of programs get the id their program gave them, so that one asked for again is the same; what stands in their orders before those
 * are sent, so that each is found again after a crash; and why one was not sent.
 */
export const step0013 = migration(13, 'ids of programs for what they ask', db => {
  db.exec(`
    ALTER TABLE order_requests ADD COLUMN request_id TEXT;
    ALTER TABLE order_requests ADD COLUMN client_order_id TEXT;
    ALTER TABLE order_requests ADD COLUMN not_sent TEXT;
    CREATE UNIQUE INDEX order_requests_request ON order_requests(request_id) WHERE request_id IS NOT NULL;
  `)
})
