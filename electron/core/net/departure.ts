import type { Dispatcher } from 'undici'

/**
 * The pool, saying when the first byte of a request is about to leave: only then may anything have arrived. `look` is called before that,
 * and may stop it.
 */
export function watched(pool: Dispatcher, onDeparture: (() => void) | undefined, look?: () => void): Dispatcher {
  if (!onDeparture) return pool
  return pool.compose(
    dispatch => (options, handler) =>
      dispatch(options, {
        onRequestStart(controller, context) {
          look?.()
          handler.onRequestStart?.(controller, context)
          // Whoever gave up while it waited for a connection has stopped it right here.
          if (!controller.aborted) onDeparture()
        },
        onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
        onResponseStart: (...given) => handler.onResponseStart?.(...given),
        onResponseData: (...given) => handler.onResponseData?.(...given),
        onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
        onResponseError: (...given) => handler.onResponseError?.(...given),
      }),
  )
}
