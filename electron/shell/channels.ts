/** The channels between a window and the main process: one for requests, one for stopping them, one for events. */
export const CHANNELS = { request: 'keelson:request', cancel: 'keelson:cancel', event: 'keelson:event' } as const
