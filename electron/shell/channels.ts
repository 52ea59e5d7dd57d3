/** The channels between a window and the main process: one for requests, one for stopping them, one for events, one for where to go. */
export const CHANNELS = { request: 'keelson:request', cancel: 'keelson:cancel', event: 'keelson:event', screen: 'keelson:screen' } as const
