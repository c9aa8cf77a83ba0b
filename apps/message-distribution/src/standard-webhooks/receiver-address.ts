import { type Fault } from '@stoettesystemer/object';
import { holdsPersonNumber } from '../envelope/person-number';
import { type IpAddress, isWithin, type IpRange, readIp, readRange } from './ip-address';

/** Where no message is sent (C19): what is inside, what is nobody's, and what only leads there by another name. */
const FORBIDDEN: readonly (readonly [range: string, why: string])[] = [
  ['0.0.0.0/8', 'denne maskine'],
  ['10.0.0.0/8', 'privat net'],
  ['100.64.0.0/10', 'delt net'],
  ['127.0.0.0/8', 'denne maskine'],
  ['169.254.0.0/16', 'lokalt net'],
  ['172.16.0.0/12', 'privat net'],
  ['192.0.0.0/24', 'reserveret'],
  ['192.0.2.0/24', 'reserveret'],
  ['192.88.99.0/24', 'reserveret'],
  ['192.168.0.0/16', 'privat net'],
  ['198.18.0.0/15', 'reserveret'],
  ['198.51.100.0/24', 'reserveret'],
  ['203.0.113.0/24', 'reserveret'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserveret'],
  // The metadata service of one cloud, which is an ordinary public address.
  ['168.63.129.16/32', 'metadata'],
];

/** Of IPv6 only what is given out for use is let through at all; of that, these are not. */
const GLOBAL = readRange('2000::/3');
const FORBIDDEN_V6: readonly (readonly [range: string, why: string])[] = [
  // Teredo, and what else stands for something else.
  ['2001::/23', 'reserveret'],
  ['2001:db8::/32', 'reserveret'],
  ['3fff::/20', 'reserveret'],
];

const ranges = [...FORBIDDEN, ...FORBIDDEN_V6].map(([range, why]) => [readRange(range), why] as const);

/** Where IPv6 carries an IPv4 address, and how many bits come after it. */
const CARRIERS: readonly (readonly [range: IpRange, after: bigint])[] = [
  // Mapped, translated, compatible.
  [readRange('::ffff:0:0/96'), 0n],
  [readRange('::ffff:0:0:0/96'), 0n],
  [readRange('::/96'), 0n],
  // NAT64.
  [readRange('64:ff9b::/96'), 0n],
  // 6to4.
  [readRange('2002::/16'), 80n],
];

const carried = (ip: IpAddress): IpAddress | null => {
  const carrier = CARRIERS.find(([range]) => isWithin(ip, range));
  return carrier ? { bits: (ip.bits >> carrier[1]) & 0xffff_ffffn, size: 32 } : null;
};

/** Which the settings except, in development and in tests. */
export type Exceptions = readonly IpRange[];

/** `127.0.0.0/8,::1/128` of a setting. @throws Error for what is no range */
export const readExceptions = (text: string): Exceptions =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map(readRange);

/** Why nothing is sent to an address; null when it may be. What cannot be read is not sent to either. */
export function forbiddenBecause(address: string, except: Exceptions = []): string | null {
  const ip = readIp(address);
  if (!ip) return 'ingen adresse';
  if (except.some((range) => isWithin(ip, range))) return null;
  const inner = carried(ip);
  if (inner)
    return except.some((range) => isWithin(inner, range)) ? null : (rangeOf(inner) ?? 'omskrevet adresse');
  if (ip.size === 128 && !isWithin(ip, GLOBAL)) return 'lokalt net';
  return rangeOf(ip);
}

const rangeOf = (ip: IpAddress): string | null => ranges.find(([range]) => isWithin(ip, range))?.[1] ?? null;

/** The addresses that a name resolved to: one that may not be is enough for none to be. */
export function allForbiddenBecause(addresses: readonly string[], except: Exceptions = []): string | null {
  if (addresses.length === 0) return 'ingen adresse';
  return addresses.map((address) => forbiddenBecause(address, except)).find((why) => why !== null) ?? null;
}

const PORTS = ['', '443', '8443'];
/** Names that never are in public DNS. */
const INSIDE = /(?:^|\.)(?:localhost|local|internal|intern|lan|home|corp|svc|cluster)$/;

/** What is wrong with a receiver's URL as it is registered, before anybody is asked what it resolves to; null if nothing. */
export function urlFault(text: string, sti: string, { isExcepted = false } = {}): Fault | null {
  const fault = (kode: string, besked: string): Fault => ({ sti, kode, besked });
  if (!URL.canParse(text))
    return fault('url', 'Skal være en fuld adresse, for eksempel https://modtager.dk/beskeder.');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    return fault('url', 'Adressen må ikke have brugernavn og adgangskode.');
  if (holdsPersonNumber(url.href)) return fault('personnummer', 'Der må ikke stå et CPR-nummer i adressen.');
  if (url.hash !== '') return fault('url', 'Adressen må ikke have en del efter #.');
  if (isExcepted && (url.protocol === 'http:' || url.protocol === 'https:')) return null;
  if (url.protocol !== 'https:') return fault('https', 'Adressen skal begynde med https://.');
  if (!PORTS.includes(url.port)) return fault('port', 'Porten skal være 443 eller 8443.');
  const host = url.hostname.replace(/\.$/, '').toLowerCase();
  if (readIp(host) !== null) return fault('vaert', 'Adressen skal have et navn, ikke en IP-adresse.');
  if (!host.includes('.') || INSIDE.test(host)) return fault('vaert', 'Navnet skal findes på det åbne net.');
  return null;
}
