import { clientAddressOf } from './client-address';

const proxies = ['10.0.0.1', '10.0.0.2'];
const asked = (remoteAddress: string, forwarded?: string | string[]) => ({
  headers: { 'x-forwarded-for': forwarded },
  socket: { remoteAddress },
});

test.each<[string, string, string | string[] | undefined, string]>([
  ['the peer, where no proxy is trusted to be there', '192.0.2.7', '1.2.3.4', '192.0.2.7'],
  ['the peer, written as IPv6', '::ffff:192.0.2.7', undefined, '192.0.2.7'],
  ['what a proxy says', '10.0.0.1', '192.0.2.7', '192.0.2.7'],
  ['not what the client has said to the proxy (T39)', '10.0.0.1', '1.2.3.4, 192.0.2.7', '192.0.2.7'],
  ['past a second proxy', '10.0.0.1', '1.2.3.4, 192.0.2.7, 10.0.0.2', '192.0.2.7'],
  ['in several headers', '10.0.0.1', ['1.2.3.4', '192.0.2.7'], '192.0.2.7'],
  ['the proxy itself, when it says nothing', '10.0.0.1', undefined, '10.0.0.1'],
  ['the last that is an address', '10.0.0.1', 'sludder, 10.0.0.2', '10.0.0.2'],
])('%s', (_, peer, forwarded, expected) => {
  expect(clientAddressOf(asked(peer, forwarded), proxies)).toBe(expected);
});

test('without trusted proxies nothing said is read', () => {
  expect(clientAddressOf(asked('10.0.0.1', '192.0.2.7'), [])).toBe('10.0.0.1');
});
