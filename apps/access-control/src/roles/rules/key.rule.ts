import type { Change, FacetItem, Rule } from '@stoettesystemer/engine';
import { formatInstant, type Instant, invalid, now, parseInstant } from '@stoettesystemer/object';
import { newItems, periodOf, textOf } from '../periods';
import { endOf, isSameKey, type Read, readCertificate, readJwk } from '../public-key';

const refused = (besked: string) => invalid('noegle', '/attributter/noegle', besked);

function value<T>(kid: string, read: Read<T> | null): T | null {
  if (read === null) return null;
  if ('fault' in read) throw refused(`${kid}: ${read.fault}`);
  return read.value;
}

/** Keys that tell who a system is are public, strong, and of the certificate that stands beside them. */
export const systemKey: Rule = {
  types: ['ItSystem'],
  facets: ['noegle'],
  check(change: Change) {
    if (change.action === 'passiver' || change.action === 'slet') return;
    for (const item of newItems(change, 'noegle')) checkKey(item);
  },
};

function checkKey(item: FacetItem): void {
  const kid = textOf(item, 'kid')!;
  const [jwk, pem] = [textOf(item, 'jwk'), textOf(item, 'certifikat')];
  const key = value(kid, jwk === null ? null : readJwk(jwk, kid));
  const certificate = value(kid, pem === null ? null : readCertificate(pem));
  if (!key && !certificate) throw refused(`${kid}: Der skal være en jwk eller et certifikat.`);
  if (!certificate && textOf(item, 'brug') !== 'Token')
    throw refused(`${kid}: Til Tls og Callback skal der være et certifikat.`);
  if (!certificate) return;
  if (key && !isSameKey(key, certificate)) throw refused(`${kid}: jwk og certifikat er ikke af samme nøgle.`);
  const end: Instant = BigInt(endOf(certificate)) * 1000n;
  const said = textOf(item, 'udloeber');
  if (said === null || parseInstant(said) !== end)
    throw refused(`${kid}: udloeber skal være certifikatets, ${formatInstant(end)}.`);
  const { to } = periodOf(item);
  if (end <= now() && (to === null || to > now())) throw refused(`${kid}: Certifikatet er udløbet.`);
}
