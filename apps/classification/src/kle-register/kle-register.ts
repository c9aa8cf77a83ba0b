import type { AsOf, Ask, ObjectInput, ObjectStore } from '@stoettesystemer/engine';
import { Facet, Klasse, Klassifikation } from '@stoettesystemer/model';
import { parseInstant, startOfDanishDay } from '@stoettesystemer/object';
import type { KleFacet, Niveau, Retskilde, Stikord } from '../kle/entry';
import type { KleSnapshot } from '../kle/snapshot';

/** A number as the register holds it, and the registration it was read from. */
export interface Registered {
  readonly uuid: string;
  readonly number: number;
  readonly snapshot: KleSnapshot;
}

/** Fixed for life, like those of the classes: the same KLE has the same UUIDs in every installation. */
const KLE = '5fa51bd9-7f5b-4e4f-a8a0-2b1f6cb1d3a1';
const FACETS: Readonly<Record<KleFacet, { uuid: string; titel: string }>> = {
  Emne: { uuid: '0c0bb1a4-6c0b-4f4c-8a7a-40f4a5f4d2b6', titel: 'Emner' },
  Handlingsfacet: { uuid: '8c1f0a3e-93c6-4d38-9f0e-8a5e7a1b0c57', titel: 'Handlingsfacetter' },
};
const START = '1988-01-01T00:00:00+01:00';

/** The last word on everything, also on what is decided to hold from a later day. */
const AT_LAST: AsOf = { virkning: { at: parseInstant('9999-12-31T00:00:00Z')! }, registrering: 'nu' };

type Json = Readonly<Record<string, unknown>>;
interface Stored {
  readonly uuid: string;
  readonly registrering: { readonly nummer: number };
  readonly attributter: Readonly<Record<string, readonly Json[]>>;
  readonly relationer: Readonly<Record<string, readonly { readonly reference: { readonly uuid: string } }[]>>;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const list = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : []);

function stikordOf(item: Json): Stikord {
  const handlingsfacet = text(item['kategori']);
  return {
    orden: text(item['orden']) ?? '',
    tekst: text(item['beskrivelse']) ?? text(item['identifikator']) ?? '',
    ...(handlingsfacet === undefined ? {} : { handlingsfacet }),
  };
}

function retskildeOf(item: Json): Retskilde {
  const [paragraf, url] = [text(item['paragrafEllerKapitel']), text(item['url'])];
  return {
    titel: text(item['titel']) ?? '',
    accessionsnummer: text(item['accessionsnummer']) ?? '',
    ...(paragraf === undefined ? {} : { paragrafEllerKapitel: paragraf }),
    ...(url === undefined ? {} : { url }),
  };
}

function snapshotOf(stored: Stored, numbers: ReadonlyMap<string, string>): KleSnapshot {
  const [own = {}] = stored.attributter['egenskaber'] ?? [];
  const [details = {}] = stored.attributter['kleOplysninger'] ?? [];
  const parent = stored.relationer['overordnetKlasse']?.[0]?.reference.uuid;
  const optional = {
    oprettet: text(details['oprettetDato']),
    udgaaet: text(details['udgaaetDato']),
    flyttet: text(details['flyttetDato']),
    bevaring: text(details['bevaringJaevnfoerArkivloven']) as KleSnapshot['bevaring'],
    sletning: text(details['sletningJaevnfoerPersondataloven']),
  };
  return {
    nr: text(own['brugervendtNoegle']) ?? '',
    niveau: text(details['niveau']) as Niveau,
    overordnet: parent === undefined ? null : (numbers.get(parent) ?? null),
    titel: text(own['titel']) ?? '',
    vejledningHtml: text(own['beskrivelse']) ?? '',
    rettet: list(details['rettetDato']),
    afloestAf: list(details['afloestAf']),
    filtre: list(details['filter']),
    stikord: (stored.attributter['soegeord'] ?? []).map(stikordOf),
    retskilder: (stored.attributter['retskildereference'] ?? []).map(retskildeOf),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/** KLE as it stands in Klassifikation: the classification, its two facets, and every number of a facet. */
export class KleRegister {
  constructor(
    private readonly store: ObjectStore,
    private readonly ask: Ask,
  ) {}

  facetUuid(facet: KleFacet): string {
    return FACETS[facet].uuid;
  }

  /** Makes what is missing of the classification and the facet. */
  async prepare(facet: KleFacet): Promise<void> {
    const always = { virkning: { fra: START } };
    const named = (brugervendtNoegle: string, titel: string): ObjectInput => ({
      attributter: { egenskaber: [{ ...always, brugervendtNoegle, titel }] },
      tilstande: { publiceretStatus: [{ ...always, vaerdi: 'Publiceret' }] },
    });
    const parts = [
      { type: Klassifikation.name, uuid: KLE, input: named('KLE', 'KL Emnesystematik') },
      {
        type: Facet.name,
        uuid: FACETS[facet].uuid,
        input: {
          ...named(facet, FACETS[facet].titel),
          relationer: { facetTilhoerer: [{ ...always, reference: { uuid: KLE } }] },
        },
      },
    ];
    for (const [line, part] of parts.entries()) {
      // What is there may have been edited since; it is left as it is.
      const type = part.type === Facet.name ? Facet : Klassifikation;
      const [found] = await this.store.readMany(this.ask, type, [part.uuid], AT_LAST);
      if (!found) await this.store.bulk(this.ask, [{ line, ...part }]);
    }
  }

  /** The day of the latest edition that the facet follows; null before the first. */
  async edition(facet: KleFacet): Promise<string | null> {
    const [found] = await this.store.readMany(this.ask, Facet, [FACETS[facet].uuid], AT_LAST);
    if (!found) return null;
    const { attributter } = JSON.parse(found.body) as Stored;
    return text(attributter['egenskaber']?.[0]?.['planIdentifikator']) ?? null;
  }

  /** From its day on, the facet follows the edition. */
  async follow(facet: KleFacet, edition: string): Promise<void> {
    const [found] = await this.store.readMany(this.ask, Facet, [FACETS[facet].uuid], AT_LAST);
    if (!found) return;
    const virkning = { fra: startOfDanishDay(edition) };
    const change = {
      note: `KLE ${edition}`,
      attributter: { egenskaber: [{ virkning, planIdentifikator: edition }] },
    };
    await this.store.patch(this.ask, Facet, found.uuid, change, found.number);
  }

  /** Every number of the facet, by number, as it stands at last. */
  async read(facet: KleFacet): Promise<Map<string, Registered>> {
    const stored: Stored[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.store.search(
        this.ask,
        Klasse,
        {
          udtryk: { felt: 'facet', lig: { uuid: FACETS[facet].uuid } },
          sorter: [],
          vis: null,
          limit: 500,
          cursor,
          antal: false,
        },
        AT_LAST,
      );
      stored.push(...page.data.map((body) => JSON.parse(body) as Stored));
      cursor = page.naeste;
    } while (cursor !== null);
    const numbers = new Map(
      stored.map((each) => [
        each.uuid,
        text(each.attributter['egenskaber']?.[0]?.['brugervendtNoegle']) ?? '',
      ]),
    );
    // A local class in the same facet has no level of KLE and is none of the import's business.
    const ours = stored.filter((each) => each.attributter['kleOplysninger']?.[0]?.['niveau'] !== undefined);
    return new Map(
      ours.map((each) => {
        const snapshot = snapshotOf(each, numbers);
        return [snapshot.nr, { uuid: each.uuid, number: each.registrering.nummer, snapshot }];
      }),
    );
  }
}
