import { Injectable } from '@nestjs/common';
import { type Ask, type AsOf, type Expression, type FacetItems, ObjectStore } from '@stoettesystemer/engine';
import { Brugersystemrolle, ItSystem } from '@stoettesystemer/model';
import { type Declaration, notFound, now } from '@stoettesystemer/object';
import { Catalogue } from '../roles/catalogue';
import { holdingAt, textOf, textsOf } from '../roles/periods';
import { facetsOf, StoreSight } from '../roles/store-sight';

const NOW: AsOf = { virkning: 'nu', registrering: 'nu' };
const PAGE = 500;

interface Found {
  readonly uuid: string;
  /** When its present registration was made. */
  readonly since: string;
  readonly facets: FacetItems;
}

/** Milliseconds and a Z, whatever there is: the tools read no other form. */
const inMilliseconds = (instant: string): string => new Date(instant).toISOString();

/** Systems that people log in to, and their roles, as existing tools know them. */
@Injectable()
export class FacingSystems {
  constructor(private readonly store: ObjectStore) {}

  /** Those whose vendor lets the municipality give roles in them. */
  async all(ask: Ask) {
    const systems = await this.search(ask, ItSystem, { felt: 'systemtype.navn', lig: 'BrugervendtSystem' });
    return systems.filter(({ facets }) => isOpenTo(facets, ask.caller.owner)).map(systemDto);
  }

  /** @throws Refusal 404 where there is no such system for the municipality */
  async roles(ask: Ask, uuid: string) {
    const { body } = await this.store.read(ask, ItSystem, uuid, NOW);
    if (!isOpenTo(facetsOf(body), ask.caller.owner)) throw notFound();
    const found = await this.search(ask, Brugersystemrolle, { felt: 'brugervendtSystem', lig: { uuid } });
    const sight = new StoreSight(this.store, ask.caller.owner);
    const catalogue = new Catalogue(sight, now());
    return Promise.all(
      found.map(async ({ uuid: role, facets }) => {
        const [properties] = facets['egenskaber'] ?? [];
        const carried = await Promise.all(
          (facets['dataafgraensning'] ?? []).map(async (item) => ({
            kraevet: item['kraevet'] === true,
            dataafgraensningstype: await typeDto(
              catalogue,
              sight,
              textOf(item, 'dataafgraensningstype') ?? '',
            ),
          })),
        );
        return {
          uuid: role,
          navn: textOf(properties, 'navn') ?? '',
          entityId: textOf(properties, 'entityId') ?? '',
          beskrivelse: textOf(properties, 'beskrivelse') ?? '',
          dataafgraensningstyper: carried.flatMap(({ kraevet, dataafgraensningstype }) =>
            dataafgraensningstype ? [{ kraevet, dataafgraensningstype }] : [],
          ),
        };
      }),
    );
  }

  private async search(ask: Ask, type: Declaration, udtryk: Expression): Promise<Found[]> {
    const found: Found[] = [];
    for (let cursor: string | null = null; ;) {
      const query = { udtryk, sorter: ['uuid'], vis: null, limit: PAGE, cursor, antal: false };
      const { data, naeste } = await this.store.search(ask, type, query, NOW);
      for (const body of data) {
        const { uuid, registrering } = JSON.parse(body) as { uuid: string; registrering: { fra: string } };
        found.push({ uuid, since: registrering.fra, facets: facetsOf(body) });
      }
      cursor = naeste;
      if (cursor === null) return found;
    }
  }
}

function isOpenTo(facets: FacetItems, owner: string): boolean {
  const authorities = textsOf(facets['myndighedsafgraensning']?.[0], 'cvr');
  return (
    (facets['egenskaber'] ?? []).length > 0 &&
    textOf(facets['tilstand']?.[0], 'vaerdi') !== 'Lukket' &&
    (authorities.length === 0 || authorities.includes(owner))
  );
}

const systemDto = ({ uuid, since, facets }: Found) => {
  const [properties] = facets['egenskaber'] ?? [];
  return {
    uuid,
    navn: textOf(properties, 'navn') ?? '',
    organisationNavn: textOf(properties, 'organisationNavn') ?? '',
    organisationCvr: textOf(properties, 'organisationCvr') ?? '',
    changedDate: inMilliseconds(since),
  };
};

async function typeDto(catalogue: Catalogue, sight: StoreSight, entityId: string) {
  const type = await catalogue.type(entityId);
  const facets = type && (await sight.look('Dataafgraensningstype', type.uuid));
  if (!type || !facets) return null;
  const [properties] = holdingAt(facets['egenskaber'], now());
  return {
    uuid: type.uuid,
    entityId,
    navn: type.navn,
    beskrivelse: textOf(properties, 'beskrivelse') ?? '',
    type: type.vaerditype,
    ...(type.regulaertUdtryk ? { regulaertUdtryk: type.regulaertUdtryk } : {}),
    vaerdiListe: holdingAt(facets['vaerdi'], now()).map((item) => ({
      navn: textOf(item, 'navn') ?? textOf(item, 'vaerdi') ?? '',
      vaerdi: textOf(item, 'vaerdi') ?? '',
    })),
    isCommon: properties?.['faelles'] === true,
  };
}
