import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Every address that a host of a URL stands for; none when it stands for nothing. */
export type ResolveName = (host: string) => Promise<readonly string[]>;

const SECOND = 1000;
/** A name that is asked for again within this time is not asked about again. */
const FRESH = 5 * SECOND;
const resolver = new Resolver({ timeout: 2 * SECOND, tries: 2 });

/** RFC 6761: these are this machine, and nobody is asked. */
const LOOPBACK = /^(?:.+\.)?localhost$/i;

/**
 * Not by `getaddrinfo`, of which four at a time can be under way in a process: four receivers without a name server would
 * hold up all the others. IPv4 first.
 */
export const resolveName: ResolveName = async (host) => {
  const bare = host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (isIP(bare) !== 0) return [bare];
  if (LOOPBACK.test(bare)) return ['127.0.0.1', '::1'];
  const found = await Promise.allSettled([resolver.resolve4(bare), resolver.resolve6(bare)]);
  return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
};

/** The same, asked once for those who ask at about the same time. */
export function askedSeldom(resolve: ResolveName, now: () => number = () => performance.now()): ResolveName {
  const asked = new Map<string, { readonly at: number; readonly addresses: Promise<readonly string[]> }>();
  return (host) => {
    const moment = now();
    const known = asked.get(host);
    if (known && moment - known.at < FRESH) return known.addresses;
    for (const [name, { at }] of asked) if (moment - at >= FRESH) asked.delete(name);
    const addresses = resolve(host);
    asked.set(host, { at: moment, addresses });
    addresses.catch(() => asked.delete(host));
    return addresses;
  };
}
