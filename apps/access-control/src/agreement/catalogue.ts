import type { Change, FacetItem, FacetItems } from '@stoettesystemer/engine';
import { type Instant, now, parseInstant } from '@stoettesystemer/object';
import type { RestrictionType } from '../restriction/restriction-values';

export interface CataloguedSystem {
  readonly navn: string;
  readonly organisation: string;
  readonly isCalling: boolean;
  readonly isClosed: boolean;
  /** Municipalities that may have agreements about it; none is all. */
  readonly authorities: readonly string[];
}

export interface CataloguedRole {
  readonly navn: string;
  readonly service: string;
  readonly isCrossing: boolean;
  readonly privileges: readonly string[];
  /** Restrictions that it can carry, and whether it must. */
  readonly carries: ReadonlyMap<string, boolean>;
}

type Look = Pick<Change, 'look' | 'find'>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : []);

/** What has not ended: agreements are made for the time to come. */
function standing(items: FacetItems, facet: string, moment: Instant): readonly FacetItem[] {
  return (items[facet] ?? []).filter(({ virkning: { til } }) => !til || parseInstant(til)! > moment);
}

/** An agreement names the same role and type many times. */
function once<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? read();
  known.set(key, found);
  return found;
}

/** What the catalogue says now of those that an agreement names, as a rule sees it; null for what is not there. */
export class Catalogue {
  private readonly moment = now();
  private readonly roles = new Map<string, Promise<CataloguedRole | null>>();
  private readonly restrictions = new Map<string, Promise<RestrictionType | null>>();

  constructor(private readonly sight: Look) {}

  async system(uuid: string): Promise<CataloguedSystem | null> {
    const facets = ['egenskaber', 'systemtype', 'myndighedsafgraensning', 'tilstand'];
    const found = await this.sight.look('ItSystem', uuid, facets);
    const [properties] = found ? standing(found, 'egenskaber', this.moment) : [];
    if (!found || !properties) return null;
    return {
      navn: text(properties['navn']),
      organisation: text(properties['organisationCvr']),
      isCalling: standing(found, 'systemtype', this.moment).some(({ navn }) => navn === 'Anvendersystem'),
      isClosed: standing(found, 'tilstand', this.moment)[0]?.['vaerdi'] === 'Lukket',
      authorities: texts(standing(found, 'myndighedsafgraensning', this.moment)[0]?.['cvr']),
    };
  }

  role(uuid: string): Promise<CataloguedRole | null> {
    return once(this.roles, uuid, () => this.readRole(uuid));
  }

  restriction(entityId: string): Promise<RestrictionType | null> {
    return once(this.restrictions, entityId, () => this.readRestriction(entityId));
  }

  private async readRole(uuid: string): Promise<CataloguedRole | null> {
    const found = await this.sight.look('Servicesystemrolle', uuid, [
      'egenskaber',
      'dataafgraensning',
      'service',
    ]);
    const [properties] = found ? standing(found, 'egenskaber', this.moment) : [];
    if (!found || !properties) return null;
    const reference = standing(found, 'service', this.moment)[0]?.['reference'] as
      { uuid?: string } | undefined;
    return {
      navn: text(properties['navn']),
      service: reference?.uuid?.toLowerCase() ?? '',
      isCrossing: properties['tvaergaaende'] === true,
      privileges: texts(properties['privilegier']),
      carries: new Map(
        standing(found, 'dataafgraensning', this.moment).map(({ dataafgraensningstype, kraevet }) => [
          text(dataafgraensningstype),
          kraevet === true,
        ]),
      ),
    };
  }

  private async readRestriction(entityId: string): Promise<RestrictionType | null> {
    const [known] = await this.sight.find('Dataafgraensningstype', 'egenskaber.entityId', entityId);
    const found =
      known && (await this.sight.look('Dataafgraensningstype', known.uuid, ['egenskaber', 'vaerdi']));
    const properties = found
      ? standing(found, 'egenskaber', this.moment).find((item) => item['entityId'] === entityId)
      : undefined;
    if (!found || !properties) return null;
    return {
      entityId,
      vaerditype: text(properties['vaerditype']),
      regulaertUdtryk: text(properties['regulaertUdtryk']) || null,
      dimension: text(properties['dimension']) || null,
      values: standing(found, 'vaerdi', this.moment).map(({ vaerdi }) => text(vaerdi)),
    };
  }

  async isService(uuid: string): Promise<boolean> {
    return (await this.sight.look('Service', uuid, [])) !== null;
  }
}
