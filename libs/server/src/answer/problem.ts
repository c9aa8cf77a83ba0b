import { type Fault, Refusal } from '@stoettesystemer/object';
import { maskPersonNumbers } from '../person-number';

export const PROBLEM = 'application/problem+json; charset=utf-8';

/** Every status that a service answers with beside success, as a person reads it. */
export const TITLES: Readonly<Record<number, string>> = {
  400: 'Forespørgslen er ugyldig',
  401: 'Adgangstoken mangler eller kan ikke bruges',
  403: 'Ingen adgang',
  404: 'Findes ikke',
  405: 'Metoden kan ikke bruges her',
  406: 'Svaret kan ikke gives i det format',
  408: 'Forespørgslen kom ikke frem i tide',
  409: 'Konflikt',
  410: 'Findes ikke mere',
  412: 'Objektet er ændret',
  413: 'For stort',
  414: 'Adressen er for lang',
  415: 'Formatet kan ikke læses',
  422: 'En regel er ikke overholdt',
  428: 'If-Match mangler',
  429: 'For mange forespørgsler',
  431: 'Headerfelterne er for store',
  500: 'Fejl i tjenesten',
  503: 'Tjenesten er ikke klar',
};

/** A fault as it leaves the house. A pointer names members that the sender chose, so even it may hold too much. */
const leaving = ({ sti, kode, besked, linje, kolonne }: Fault): Fault => ({
  sti: maskPersonNumbers(sti),
  kode,
  besked,
  ...(linje === undefined ? {} : { linje }),
  ...(kolonne === undefined ? {} : { kolonne }),
});
export const faultsOf = (refusal: Refusal): readonly Fault[] => refusal.fejl.map(leaving);

/** RFC 9457 as JSON text (contract §10). `transaction` is a UUID. */
export const problemOf = (refusal: Refusal, transaction: string): string =>
  JSON.stringify({
    type: `urn:stoettesystemerne:fejl:${refusal.kode}`,
    title: TITLES[refusal.status] ?? 'Fejl',
    status: refusal.status,
    detail: refusal.detail,
    instance: `urn:uuid:${transaction}`,
    kode: refusal.kode,
    oioStatus: refusal.oioStatus,
    fejl: faultsOf(refusal),
  });
