import {
  Adresse,
  Bruger,
  FUNCTION_TYPES,
  Organisation,
  OrganisationEnhed,
  OrganisationFunktion,
  Person,
} from '@stoettesystemer/model';
import type { Desired, Place } from './entry';
import type { Identity } from './identity';
import type { Item } from './lora-object';
import { BEGINNING, type Virkning } from './lora-time';

/** What a directory says of a unit in one period. */
export interface UnitSaid {
  readonly virkning: Virkning;
  readonly navn: string;
  /** Key of the unit above; null for a root. */
  readonly overordnet: string | null;
  readonly enhedstype?: string | null;
  /** Numbers in KLE; left out where the directory says nothing of them. */
  readonly kle?: readonly string[];
  /** By role; left out where the directory says nothing of them. */
  readonly adresser?: Readonly<Record<string, string>>;
}

export interface PostSaid {
  readonly virkning: Virkning;
  readonly enhed: string;
  readonly bruger: string;
  readonly stilling: string;
  readonly isLeader: boolean;
}

export interface PersonSaid {
  readonly bruger: string;
  readonly navn: string;
  /** Left out where the directory has none. */
  readonly cpr?: string | null;
  readonly adresser?: Readonly<Record<string, string>>;
}

const each = <T>(list: readonly T[], make: (one: T) => Item | null): Item[] =>
  list.map(make).filter((item) => item !== null);

/** Makes the objects of a directory that knows its units and people by keys. */
export class DirectoryObjects {
  constructor(
    private readonly identity: Identity,
    /** The organisation that everything belongs to. */
    private readonly organisation: string,
  ) {}

  unitUuid(key: string): string {
    return this.identity('enhed', key);
  }

  postUuid(key: string): string {
    return this.identity('funktion', key);
  }

  personUuid(user: string): string {
    return this.identity('person', user);
  }

  userUuid(key: string): string {
    return this.identity('bruger', key);
  }

  organisationOf(place: Place, virkning: Virkning, key: string, navn: string, root: string): Desired {
    return {
      place,
      type: Organisation.name,
      uuid: this.organisation,
      sections: {
        attributter: { egenskaber: [{ virkning, brugervendtNoegle: key, organisationNavn: navn }] },
        tilstande: inUse([virkning]),
        relationer: { overordnet: [{ virkning, reference: { uuid: this.unitUuid(root) } }] },
      },
    };
  }

  *unit(place: Place, key: string, said: readonly UnitSaid[]): Generator<Desired> {
    const speaksOfAddresses = said.some(({ adresser }) => adresser !== undefined);
    const addresses = said.flatMap(({ virkning, adresser = {} }) =>
      this.addresses(place, virkning, adresser),
    );
    yield* addresses.map(({ object }) => object);
    yield {
      place,
      type: OrganisationEnhed.name,
      uuid: this.unitUuid(key),
      sections: {
        attributter: {
          egenskaber: each(said, ({ virkning, navn }) => ({
            virkning,
            brugervendtNoegle: key,
            enhedNavn: navn,
          })),
        },
        tilstande: inUse(said.map(({ virkning }) => virkning)),
        relationer: {
          tilhoerer: this.belongs(said.map(({ virkning }) => virkning)),
          overordnet: each(said, ({ virkning, overordnet }) =>
            overordnet === null ? null : pointing(virkning, this.unitUuid(overordnet)),
          ),
          ...(said.some(({ enhedstype }) => enhedstype !== undefined)
            ? {
                enhedstype: each(said, ({ virkning, enhedstype }) =>
                  enhedstype ? pointing(virkning, enhedstype) : null,
                ),
              }
            : {}),
          ...(said.some(({ kle }) => kle !== undefined)
            ? {
                opgaver: said.flatMap(({ virkning, kle = [] }) =>
                  kle.map((number) => task(virkning, number)),
                ),
              }
            : {}),
          ...(speaksOfAddresses ? { adresser: addresses.map(({ item }) => item) } : {}),
        },
      },
    };
  }

  *person(place: Place, { bruger, navn, cpr, adresser }: PersonSaid, virkning: Virkning): Generator<Desired> {
    const addresses = this.addresses(place, virkning, adresser ?? {});
    yield* addresses.map(({ object }) => object);
    const person = this.personUuid(bruger);
    yield {
      place,
      type: Person.name,
      uuid: person,
      sections: {
        attributter: {
          egenskaber: [
            { virkning, brugervendtNoegle: bruger, navn, ...(cpr === undefined ? {} : { cprNummer: cpr }) },
          ],
        },
      },
    };
    yield {
      place,
      type: Bruger.name,
      uuid: this.userUuid(bruger),
      sections: {
        attributter: { egenskaber: [{ virkning, brugervendtNoegle: bruger, brugerNavn: bruger }] },
        tilstande: inUse([virkning]),
        relationer: {
          tilhoerer: this.belongs([virkning]),
          tilknyttedePersoner: [pointing(virkning, person)],
          ...(adresser === undefined ? {} : { adresser: addresses.map(({ item }) => item) }),
        },
      },
    };
  }

  post(place: Place, key: string, said: readonly PostSaid[]): Desired {
    const kind = (isLeader: boolean): string =>
      isLeader ? FUNCTION_TYPES.lederrolle : FUNCTION_TYPES.enhedsrolle;
    const over = (make: (one: PostSaid) => string): Item[] =>
      said.map((one) => pointing(one.virkning, make(one)));
    return {
      place,
      type: OrganisationFunktion.name,
      uuid: this.postUuid(key),
      sections: {
        attributter: {
          egenskaber: each(said, ({ virkning, stilling }) => ({
            virkning,
            brugervendtNoegle: key,
            funktionNavn: stilling,
          })),
        },
        tilstande: inUse(said.map(({ virkning }) => virkning)),
        relationer: {
          funktionstype: over(({ isLeader }) => kind(isLeader)),
          tilknyttedeEnheder: over(({ enhed }) => this.unitUuid(enhed)),
          tilknyttedeBrugere: over(({ bruger }) => this.userUuid(bruger)),
          tilknyttedeOrganisationer: over(() => this.organisation),
        },
      },
    };
  }

  private belongs(periods: readonly Virkning[]): Item[] {
    return periods.map((virkning) => pointing(virkning, this.organisation));
  }

  /** One address for each text: whoever has the same telephone has the same address. */
  private addresses(place: Place, virkning: Virkning, texts: Readonly<Record<string, string>>) {
    return Object.entries(texts).map(([rolle, text]) => {
      const uuid = this.identity('adresse', text);
      const egenskaber = [{ virkning: { fra: BEGINNING }, brugervendtNoegle: text, adresse: text }];
      const object: Desired = {
        place,
        type: Adresse.name,
        uuid,
        isShared: true,
        sections: { attributter: { egenskaber } },
      };
      return { object, item: { virkning, rolle, indeks: '1', reference: { uuid } } };
    });
  }
}

const pointing = (virkning: Virkning, uuid: string): Item => ({ virkning, reference: { uuid } });
const task = (virkning: Virkning, kleNummer: string): Item => ({
  virkning,
  rolle: 'Ansvarlig',
  kleNummer,
  reference: { urn: `urn:oio:kle:${kleNummer}` },
});

/** In use over the periods, and not in use where they end. */
function inUse(periods: readonly Virkning[]): Readonly<Record<string, Item[]>> {
  const starts = new Set(periods.map(({ fra }) => fra));
  const later = (til: string): string | null =>
    periods
      .map(({ fra }) => fra)
      .filter((fra) => fra > til)
      .sort()[0] ?? null;
  return {
    gyldighed: periods.flatMap(({ fra, til }) => [
      { virkning: { fra, til }, vaerdi: 'Aktiv' },
      ...(til === null || starts.has(til)
        ? []
        : [{ virkning: { fra: til, til: later(til) }, vaerdi: 'Inaktiv' }]),
    ]),
  };
}
