import {
  Adresse,
  Bruger,
  FUNCTION_TYPES,
  OrganisationEnhed,
  OrganisationFunktion,
  OrganisationItSystem,
  Person,
  UNIT_ADDRESS_ROLES,
  UNIT_TYPES,
  USER_ADDRESS_ROLES,
  USER_TYPES,
} from '@stoettesystemer/model';
import { organisationUuid } from './authority';
import { pointing, type Relations, type Seeded, seeded, type Virkning } from './body';
import { uuidFor } from './identity';

export interface DemoUnit {
  readonly uuid?: string;
  readonly navn: string;
  readonly type?: keyof typeof UNIT_TYPES;
  readonly addresses?: Partial<Record<keyof typeof UNIT_ADDRESS_ROLES, string>>;
  /** Numbers in KLE. */
  readonly tasks?: readonly string[];
  /** Names of functions that it is referred to. */
  readonly refersTo?: readonly string[];
  readonly under?: readonly DemoUnit[];
}

export interface DemoPerson {
  /** Of the user, which is who logs in. */
  readonly uuid: string;
  readonly navn: string;
  readonly brugernavn: string;
  readonly cpr: string;
  readonly posts: readonly { readonly titel: string; readonly enhed: string; readonly virkning?: Virkning }[];
  /** Names of the units that the person leads. */
  readonly leads?: readonly string[];
}

/** Since when the demo municipalities are as they are. */
export const SINCE: Virkning = { fra: '2020-01-01T00:00:00Z' };

/** Writes down a municipality that does not exist, of which all is known by name. */
export class DemoPlace {
  constructor(private readonly cvr: string) {}

  uuid(kind: string, navn: string): string {
    return uuidFor(`${this.cvr} ${kind} ${navn}`);
  }

  /** Each before those under it, with its addresses before it. */
  units(unit: DemoUnit, over?: string): Seeded[] {
    const uuid = unit.uuid ?? this.uuid('enhed', unit.navn);
    const addresses = Object.entries(unit.addresses ?? {});
    const made = seeded({
      type: OrganisationEnhed,
      uuid,
      virkning: SINCE,
      egenskaber: { brugervendtNoegle: unit.navn, enhedNavn: unit.navn },
      relationer: {
        tilhoerer: [pointing(organisationUuid(this.cvr))],
        enhedstype: [pointing(UNIT_TYPES[unit.type ?? 'afdeling'])],
        ...(over === undefined ? {} : { overordnet: [pointing(over)] }),
        adresser: addresses.map(([rolle, adresse]) =>
          pointing(this.uuid('adresse', adresse), { rolle, indeks: '1' }),
        ),
        opgaver: tasks(unit.tasks),
        tilknyttedeFunktioner: (unit.refersTo ?? []).map((navn) => pointing(this.uuid('funktion', navn))),
      },
    });
    return [
      ...addresses.map(([, adresse]) => this.address(adresse)),
      made,
      ...(unit.under ?? []).flatMap((each) => this.units(each, uuid)),
    ];
  }

  person(
    { uuid, navn, brugernavn, cpr, posts, leads = [] }: DemoPerson,
    unitOf: (navn: string) => string,
  ): Seeded[] {
    const person = this.uuid('person', navn);
    const email = `${brugernavn}@${this.cvr === '12345678' ? 'eksempelkoebing' : 'proevelev'}.example`;
    return [
      this.address(email),
      seeded({
        type: Person,
        uuid: person,
        virkning: SINCE,
        egenskaber: { brugervendtNoegle: brugernavn, cprNummer: cpr, navn },
      }),
      seeded({
        type: Bruger,
        uuid,
        virkning: SINCE,
        egenskaber: { brugervendtNoegle: brugernavn, brugerNavn: brugernavn },
        relationer: {
          brugerTyper: [pointing(USER_TYPES.intern)],
          tilhoerer: [pointing(organisationUuid(this.cvr))],
          tilknyttedePersoner: [pointing(person)],
          adresser: [pointing(this.uuid('adresse', email), { rolle: USER_ADDRESS_ROLES.Email, indeks: '1' })],
        },
      }),
      ...posts.map(({ titel, enhed, virkning }) =>
        this.function('enhedsrolle', `${navn}, ${enhed}`, titel, virkning, {
          tilknyttedeEnheder: [pointing(unitOf(enhed))],
          tilknyttedeBrugere: [pointing(uuid)],
        }),
      ),
      ...leads.map((enhed) =>
        this.function('lederrolle', `Leder af ${enhed}`, 'Leder', undefined, {
          tilknyttedeEnheder: [pointing(unitOf(enhed))],
          tilknyttedeBrugere: [pointing(uuid)],
        }),
      ),
    ];
  }

  function(
    type: keyof typeof FUNCTION_TYPES,
    noegle: string,
    navn: string,
    virkning: Virkning = SINCE,
    relationer: Relations = {},
  ): Seeded {
    return seeded({
      type: OrganisationFunktion,
      uuid: this.uuid('funktion', noegle),
      virkning,
      egenskaber: { brugervendtNoegle: noegle, funktionNavn: navn },
      relationer: {
        funktionstype: [pointing(FUNCTION_TYPES[type])],
        tilknyttedeOrganisationer: [pointing(organisationUuid(this.cvr))],
        ...relationer,
      },
    });
  }

  system(navn: string): Seeded {
    return seeded({
      type: OrganisationItSystem,
      uuid: this.uuid('it-system', navn),
      virkning: SINCE,
      egenskaber: { brugervendtNoegle: navn, itSystemNavn: navn },
    });
  }

  private address(adresse: string): Seeded {
    return seeded({
      type: Adresse,
      uuid: this.uuid('adresse', adresse),
      virkning: SINCE,
      egenskaber: { brugervendtNoegle: adresse, adresse },
    });
  }
}

/** What a unit or a function answers for, by the numbers of KLE. */
export const tasks = (numbers: readonly string[] = []) =>
  numbers.map((kleNummer) => pointing(`urn:oio:kle:${kleNummer}`, { rolle: 'Ansvarlig', kleNummer }));
