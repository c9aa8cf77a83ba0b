import { Myndighed, Organisation, Virksomhed } from '@stoettesystemer/model';
import { pointing, type Relations, type Seeded, seeded, type Virkning } from './body';
import { uuidFor } from './identity';
import type { Municipality } from './municipalities';

export const authorityUuid = (cvr: string): string => uuidFor(`myndighed ${cvr}`);
export const companyUuid = (cvr: string): string => uuidFor(`virksomhed ${cvr}`);
export const organisationUuid = (cvr: string): string => uuidFor(`organisation ${cvr}`);

/** A municipality as an authority, as a company and as an organisation that is both. */
export const authority = (
  [kode, navn, cvr]: Municipality,
  virkning: Virkning,
  relationer: Relations = {},
): Seeded[] => [
  seeded({
    type: Myndighed,
    uuid: authorityUuid(cvr),
    virkning,
    egenskaber: { brugervendtNoegle: kode, myndighedskode: kode, cvrNummer: cvr, navn },
  }),
  seeded({
    type: Virksomhed,
    uuid: companyUuid(cvr),
    virkning,
    egenskaber: { brugervendtNoegle: cvr, cvrNummer: cvr, navn },
  }),
  seeded({
    type: Organisation,
    uuid: organisationUuid(cvr),
    virkning,
    egenskaber: { brugervendtNoegle: cvr, organisationNavn: navn },
    relationer: {
      myndighed: [pointing(authorityUuid(cvr))],
      virksomhed: [pointing(companyUuid(cvr))],
      ...relationer,
    },
  }),
];
