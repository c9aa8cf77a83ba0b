import { BlockList } from 'node:net';
import fc from 'fast-check';
import { isWithin, readIp, readRange } from './ip-address';
import { allForbiddenBecause, forbiddenBecause, readExceptions, urlFault } from './receiver-address';

describe('addresses that nothing is sent to', () => {
  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '169.254.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.9',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '192.88.99.1',
    '::',
    '::1',
    '[::1]',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'fdff::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::FFFF:10.0.0.1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::808:808',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2002:a00:1::1',
    '2002:808:808::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:db8::1',
    '3fff::1',
    '100::1',
    '5f00::1',
    '',
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '1.2.3.4.5',
    '::g',
    '1::2::3',
    '10.0.0.1/8',
  ])('%s', (address) => expect(forbiddenBecause(address)).not.toBeNull());

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2001:4860:4860::8888',
    '2a00:1450:4001:81b::200e',
  ])('but %s is open', (address) => expect(forbiddenBecause(address)).toBeNull());

  test('one that may not be is enough, and none is not enough', () => {
    expect(allForbiddenBecause(['8.8.8.8', '2606:4700:4700::1111'])).toBeNull();
    expect(allForbiddenBecause(['8.8.8.8', '10.0.0.1'])).toBe('privat net');
    expect(allForbiddenBecause([])).toBe('ingen adresse');
  });

  test('the settings may except, and only what they say, however it is written', () => {
    const except = readExceptions('127.0.0.1/32, ::1/128,');
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map((each) => forbiddenBecause(each, except))).toEqual([
      null,
      null,
      null,
    ]);
    for (const each of ['127.0.0.2', '::2', '10.0.0.1', '::ffff:127.0.0.2'])
      expect(forbiddenBecause(each, except)).not.toBeNull();
    expect(readExceptions('')).toEqual([]);
    for (const wrong of ['127.0.0.1', '127.0.0.1/33', '::1/129', 'x/8', '/8', '10.0.0.0/-1'])
      expect(() => readExceptions(wrong)).toThrow('adresseområde');
  });
});

describe('the arithmetic of addresses, against that of Node', () => {
  const hidden: readonly [string, number][] = [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
    ['168.63.129.16', 32],
  ];
  const list = new BlockList();
  for (const [net, length] of hidden) list.addSubnet(net, length, 'ipv4');

  test('any IPv4 address, also near the ends of a range', () => {
    const near = fc
      .tuple(fc.constantFrom(...hidden), fc.integer({ min: -2, max: 2 }), fc.boolean())
      .map(([[net, length], step, isEnd]) => {
        const start = Number(readIp(net)!.bits);
        const edge = isEnd ? start + 2 ** (32 - length) - 1 : start;
        const bits = Math.min(Math.max(edge + step, 0), 2 ** 32 - 1);
        return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.');
      });
    fc.assert(
      fc.property(fc.oneof(near, fc.ipV4()), (address) => {
        expect(forbiddenBecause(address) !== null).toBe(list.check(address, 'ipv4'));
      }),
      { numRuns: 2000 },
    );
  });

  test('any address within any range', () => {
    fc.assert(
      fc.property(
        fc.ipV6(),
        fc.ipV6(),
        fc.integer({ min: 0, max: 128 }),
        fc.boolean(),
        (net, other, length, isSame) => {
          const address = isSame ? net : other;
          const subnet = new BlockList();
          subnet.addSubnet(net, length, 'ipv6');
          expect(isWithin(readIp(address)!, readRange(`${net}/${length}`))).toBe(
            subnet.check(address, 'ipv6'),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('whatever comes is read or not, and never let through unread', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (readIp(text) === null) expect(forbiddenBecause(text)).toBe('ingen adresse');
      }),
    );
  });
});

describe('the URL of a receiver', () => {
  const kode = (url: string, options?: { isExcepted?: boolean }) =>
    urlFault(url, '/modtager', options)?.kode ?? null;

  test.each([
    ['https://modtager.dk/beskeder', null],
    ['https://modtager.dk:8443/beskeder?a=b', null],
    ['https://modtager.dk:443/', null],
    ['http://modtager.dk/', 'https'],
    ['ftp://modtager.dk/', 'https'],
    ['https://modtager.dk:8080/', 'port'],
    ['https://bruger:kode@modtager.dk/', 'url'],
    ['https://modtager.dk/#del', 'url'],
    ['https://modtager.dk/2512484916', 'personnummer'],
    ['modtager.dk', 'url'],
    ['', 'url'],
    ['https://localhost/', 'vaert'],
    ['https://a.localhost/', 'vaert'],
    ['https://localhost./', 'vaert'],
    ['https://127.0.0.1/', 'vaert'],
    ['https://10.1.2.3/', 'vaert'],
    ['https://169.254.169.254/latest/meta-data', 'vaert'],
    ['https://[::1]/', 'vaert'],
    ['https://[::ffff:127.0.0.1]/', 'vaert'],
    ['https://2130706433/', 'vaert'],
    ['https://0x7f.1/', 'vaert'],
    ['https://8.8.8.8/', 'vaert'],
    ['https://database/', 'vaert'],
    ['https://tjeneste.navnerum.svc.cluster.local/', 'vaert'],
    ['https://metadata.google.internal/', 'vaert'],
    ['https://１２７.0.0.1/', 'vaert'],
  ])('%s: %s', (url, expected) => expect(kode(url)).toBe(expected));

  test('in development others are let through, as the settings say', () => {
    expect(kode('http://127.0.0.1:4000/', { isExcepted: true })).toBeNull();
    expect(kode('file:///etc/passwd', { isExcepted: true })).toBe('https');
    expect(kode('http://a:b@127.0.0.1/', { isExcepted: true })).toBe('url');
  });
});
