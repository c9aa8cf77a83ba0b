import { type Fault } from '@stoettesystemer/object';
import { isWithin, readIp } from '../standard-webhooks/ip-address';
import { allForbiddenBecause, type Exceptions, urlFault } from '../standard-webhooks/receiver-address';
import { CallFailed } from './call-failed';
import { type ResolveName } from './resolve-name';

/** Where an attempt goes: a URL, and the addresses that it was judged by, and that alone may be connected to. */
export interface PermittedReceiver {
  readonly url: URL;
  readonly addresses: readonly string[];
}

const isExcepted = (addresses: readonly string[], except: Exceptions): boolean =>
  addresses.length > 0 &&
  addresses.every((address) => {
    const ip = readIp(address);
    return ip !== null && except.some((range) => isWithin(ip, range));
  });

const HERE: Readonly<Record<string, readonly string[]>> = { localhost: ['127.0.0.1', '::1'] };

/** What is wrong with a receiver's URL as it is registered. Nobody is asked what its name stands for: that may change. */
export function registeredFault(text: string, sti: string, except: Exceptions): Fault | null {
  const host = URL.canParse(text) ? new URL(text).hostname : '';
  return urlFault(text, sti, { isExcepted: isExcepted(HERE[host] ?? [host], except) });
}

/** Judges a receiver for one attempt: what was right as it was registered may stand for something else now. */
export async function permitted(
  text: string,
  resolve: ResolveName,
  except: Exceptions,
): Promise<PermittedReceiver> {
  if (!URL.canParse(text)) throw new CallFailed('adresse');
  const url = new URL(text);
  const addresses = await resolve(url.hostname).catch(() => []);
  if (addresses.length === 0) throw new CallFailed('navn');
  if (
    urlFault(text, '', { isExcepted: isExcepted(addresses, except) }) ||
    allForbiddenBecause(addresses, except) !== null
  )
    throw new CallFailed('adresse');
  return { url, addresses };
}
