import type { FacetItem, FacetItems } from '@stoettesystemer/engine';
import type { Instant } from '@stoettesystemer/object';
import type { RestrictionType } from '../restriction/restriction-values';
import { holdingAt, targetOf, textOf, textsOf } from './periods';

/** How other objects are seen: by a rule in its transaction, or by a reader as of some time. */
export interface Sight {
  /** The facets over their whole virkning; null where there is no such live object. */
  look(type: string, uuid: string, facets: readonly string[]): Promise<FacetItems | null>;
  find(type: string, field: string, value: string): Promise<readonly { readonly uuid: string }[]>;
}

/** A Brugersystemrolle, and what its system says of who may give it. */
export interface UserRole {
  readonly uuid: string;
  readonly navn: string;
  readonly needsApproval: boolean;
  readonly privileges: readonly string[];
  /** UUIDs of the services that the privileges are in. */
  readonly services: readonly string[];
  readonly carries: readonly { readonly type: string; readonly isRequired: boolean }[];
  /** Null where the system is gone or closed. */
  readonly system: { readonly uuid: string; readonly authorities: readonly string[] } | null;
}

export interface KnownType extends RestrictionType {
  readonly uuid: string;
  readonly navn: string;
}

/** What vendors have registered that a jobfunktionsrolle is made of, at one moment of virkning. */
export class Catalogue {
  constructor(
    private readonly sight: Sight,
    private readonly at: Instant,
  ) {}

  async role(uuid: string): Promise<UserRole | null> {
    const facets = ['egenskaber', 'dataafgraensning', 'brugervendtSystem', 'service'];
    const found = await this.sight.look('Brugersystemrolle', uuid, facets);
    const properties = found && this.one(found, 'egenskaber');
    if (!properties) return null;
    const system = this.one(found, 'brugervendtSystem');
    return {
      uuid,
      navn: textOf(properties, 'navn') ?? '',
      needsApproval: properties['kraeverGodkendelse'] === true,
      privileges: textsOf(properties, 'privilegier'),
      services: holdingAt(found['service'], this.at).flatMap((item) => targetOf(item) ?? []),
      carries: holdingAt(found['dataafgraensning'], this.at).map((item) => ({
        type: textOf(item, 'dataafgraensningstype') ?? '',
        isRequired: item['kraevet'] === true,
      })),
      system: system ? await this.system(targetOf(system)) : null,
    };
  }

  async type(entityId: string): Promise<KnownType | null> {
    for (const { uuid } of await this.sight.find('Dataafgraensningstype', 'egenskaber.entityId', entityId)) {
      const found = await this.sight.look('Dataafgraensningstype', uuid, ['egenskaber', 'vaerdi']);
      const properties = found && this.one(found, 'egenskaber');
      if (!properties || textOf(properties, 'entityId') !== entityId) continue;
      return {
        uuid,
        entityId,
        navn: textOf(properties, 'navn') ?? '',
        vaerditype: textOf(properties, 'vaerditype') ?? '',
        regulaertUdtryk: textOf(properties, 'regulaertUdtryk'),
        dimension: textOf(properties, 'dimension'),
        values: holdingAt(found['vaerdi'], this.at).map((item) => textOf(item, 'vaerdi') ?? ''),
      };
    }
    return null;
  }

  private async system(uuid: string | null): Promise<UserRole['system']> {
    if (uuid === null) return null;
    const facets = ['egenskaber', 'myndighedsafgraensning', 'tilstand'];
    const found = await this.sight.look('ItSystem', uuid, facets);
    if (!found || !this.one(found, 'egenskaber')) return null;
    if (textOf(this.one(found, 'tilstand') ?? undefined, 'vaerdi') === 'Lukket') return null;
    return { uuid, authorities: textsOf(this.one(found, 'myndighedsafgraensning') ?? undefined, 'cvr') };
  }

  private one(facets: FacetItems, facet: string): FacetItem | null {
    return holdingAt(facets[facet], this.at)[0] ?? null;
  }
}
