import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { authorizationHeader, baseString, percentEncode, signatureOf } from '../../../../electron/core/oauth/oauth1/signature.ts'
import { Secret } from '../../../../electron/core/vault/secret.ts'

/** The parameters of an OAuth header, decoded. */
function paramsOf(header: string): Record<string, string> {
  return Object.fromEntries(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [String(name), decodeURIComponent(String(value))]),
  )
}

describe('a signature', () => {
  test('has the base string of RFC 5849, section 3.4.1.1', () => {
    const request = { method: 'post', url: 'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b' }
    const params = [
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
      ['c2', ''],
      ['a3', '2 q'],
    ] as const
    expect(baseString(request, params)).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    )
  })

  test('is that of RFC 5849, section 1.2', () => {
    const header = authorizationHeader(
      { method: 'GET', url: 'http://photos.example.net/photos?file=vacation.jpg&size=original' },
      {
        consumer: { id: 'dpf43f3p2l4k3l03', secret: Secret.of('kd94hf93k423kf44') },
        token: { key: Secret.of('nnch734d00sl2jdk'), secret: Secret.of('pfkkdhi9sl3r4s00') },
        nonce: 'chapoH',
        timestamp: 137131202,
      },
    )
    expect(paramsOf(header)['oauth_signature']).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=')
  })

  test('is the one E*TRADE publishes', () => {
    const header = authorizationHeader(
      { method: 'GET', url: 'https://api.etrade.com/v1/accounts/list' },
      {
        consumer: { id: 'c5bb4dcb7bd6826c7c4340df3f791188', secret: Secret.of('7d30246211192cda43ede3abd9b393b9') },
        token: {
          key: Secret.of('VbiNYl63EejjlKdQM6FeENzcnrLACrZ2JYD6NQROfVI='),
          secret: Secret.of('XCF9RzyQr4UEPloA+WlC06BnTfYC1P0Fwr3GUw/B0Es='),
        },
        nonce: '0bba225a40d1bbac2430aa0c6163ce44',
        timestamp: 1344885636,
      },
    )
    expect(header).toBe(
      'OAuth realm="",oauth_consumer_key="c5bb4dcb7bd6826c7c4340df3f791188",oauth_signature_method="HMAC-SHA1",oauth_timestamp="1344885636",oauth_nonce="0bba225a40d1bbac2430aa0c6163ce44",oauth_token="VbiNYl63EejjlKdQM6FeENzcnrLACrZ2JYD6NQROfVI%3D",oauth_signature="UOnPVdzExTAgHkcGWLLfeTaaMSM%3D"',
    )
  })

  test('covers the query, whose order does not matter', () => {
    const parts = { consumer: { id: 'k', secret: Secret.of('s') }, nonce: 'n', timestamp: 1 }
    const [one, two, other] = ['?a=1&b=x%20y', '?b=x+y&a=1', '?a=1&b=x'].map(query =>
      authorizationHeader({ method: 'GET', url: `https://a.test/p${query}` }, parts),
    )
    expect(one).toBe(two)
    expect(one).not.toBe(other)
  })

  test('of a request without a token is made with the consumer secret alone', () => {
    expect(signatureOf('base', 'a&b', '')).toBe(createHmac('sha1', 'a%26b&').update('base').digest('base64'))
  })

  test('leaves letters, digits and -._~ as they are and encodes all else, as UTF-8', () => {
    expect(percentEncode("Az09-._~ !*'()+/=%ü☃")).toBe('Az09-._~%20%21%2A%27%28%29%2B%2F%3D%25%C3%BC%E2%98%83')
  })
})
