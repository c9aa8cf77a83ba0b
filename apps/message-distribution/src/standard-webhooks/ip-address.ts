import { isIPv4, isIPv6 } from 'node:net';

/** An address as its bits, IPv4 of 32 and IPv6 of 128. */
export interface IpAddress {
  readonly bits: bigint;
  readonly size: 32 | 128;
}

const ofV4 = (text: string): bigint =>
  text.split('.').reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);

function ofV6(text: string): bigint {
  const plain = text.replace(/(?<=:)(\d+\.\d+\.\d+\.\d+)$/, (v4) => {
    const bits = ofV4(v4);
    return `${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(zeros).fill('0'), ...after].reduce(
    (bits, group) => (bits << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

/** Null for what is no address. A zone (`%eth0`) is passed over: it says by which way, not whereto. */
export function readIp(text: string): IpAddress | null {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  if (isIPv4(bare)) return { bits: ofV4(bare), size: 32 };
  return isIPv6(bare) ? { bits: ofV6(bare), size: 128 } : null;
}

/** A run of addresses that begin with the same bits: `10.0.0.0/8`. */
export interface IpRange extends IpAddress {
  readonly length: number;
}

/** @throws Error for what is no range */
export function readRange(text: string): IpRange {
  const [address = '', length = ''] = text.split('/');
  const ip = readIp(address);
  if (!ip || !/^\d{1,3}$/.test(length) || Number(length) > ip.size)
    throw new Error(`Ikke et adresseområde: ${text}`);
  return { ...ip, length: Number(length) };
}

export const isWithin = (ip: IpAddress, range: IpRange): boolean => {
  if (ip.size !== range.size) return false;
  const shift = BigInt(range.size - range.length);
  return ip.bits >> shift === range.bits >> shift;
};
