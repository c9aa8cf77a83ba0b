import type { FacetItem, FacetItems } from '@stoettesystemer/engine';
import { type Instant, invalid, parseInstant } from '@stoettesystemer/object';
import type { AgreementState } from './agreement-state';

/** A role that an agreement gives or is to give, as on the wire. */
export interface RoleItem {
  readonly id: string;
  readonly servicesystemrolle: string;
}
/** What such a role is restricted to. */
export interface LimitItem {
  readonly id: string;
  readonly rolleId: string;
  readonly dataafgraensningstype: string;
  readonly vaerdier?: readonly string[] | null;
}

/** Roles with their restrictions: what is in force, or what is asked for. */
export interface Content {
  readonly roles: readonly RoleItem[];
  readonly limits: readonly LimitItem[];
}

/** An agreement between two moments at which something of it, before or after a change, begins or ends. */
export interface Slice {
  readonly from: Instant;
  readonly status: AgreementState | null;
  readonly version: number | null;
  readonly isTest: boolean;
  readonly content: Content;
  /** What was agreed to beside the roles: name, purpose, system, services. */
  readonly terms: string;
}

/** A version that is asked for. */
export interface Request extends Content {
  readonly version: number;
  readonly from: string | null;
  readonly to: string | null;
  /** Who asked, as a token's subject. */
  readonly by: string | null;
}

export const FACETS = [
  'egenskaber',
  'rolle',
  'afgraensning',
  'anmodning',
  'anmodetRolle',
  'anmodetAfgraensning',
  'status',
  'anvendersystem',
  'service',
] as const;

/** An agreement has some versions, not thousands; and each edge is looked at for all of the items. */
const MOST_EDGES = 500;

interface Placed {
  readonly from: Instant;
  readonly to: Instant | null;
  readonly members: Readonly<Record<string, unknown>>;
}
const placed = ({ virkning, ...members }: FacetItem): Placed => ({
  from: parseInstant(virkning.fra)!,
  to: virkning.til ? parseInstant(virkning.til) : null,
  members,
});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const roleOf = ({ id, servicesystemrolle }: Placed['members']): RoleItem => ({
  id: text(id),
  servicesystemrolle: text(servicesystemrolle).toLowerCase(),
});
const limitOf = ({ id, rolleId, dataafgraensningstype, vaerdier }: Placed['members']): LimitItem => ({
  id: text(id),
  rolleId: text(rolleId),
  dataafgraensningstype: text(dataafgraensningstype),
  vaerdier: Array.isArray(vaerdier) ? (vaerdier as string[]) : [],
});
const contentOf = (roles: readonly Placed[], limits: readonly Placed[]): Content => ({
  roles: roles.map(({ members }) => roleOf(members)).sort((a, b) => byText(a.id, b.id)),
  limits: limits.map(({ members }) => limitOf(members)).sort((a, b) => byText(a.id, b.id)),
});

export const sameContent = (a: Content, b: Content): boolean =>
  JSON.stringify([a.roles, a.limits]) === JSON.stringify([b.roles, b.limits]);

/** One agreement's facets along its virkning, at one registration. */
export class AgreementTimeline {
  private readonly facets: ReadonlyMap<string, readonly Placed[]>;

  constructor(items: FacetItems) {
    this.facets = new Map(FACETS.map((facet) => [facet, (items[facet] ?? []).map(placed)]));
  }

  /** No agreement: nothing was registered yet. */
  get isNew(): boolean {
    return this.of('status').length === 0;
  }

  get edges(): Instant[] {
    return FACETS.flatMap((facet) => this.of(facet)).flatMap(({ from, to }) =>
      to === null ? [from] : [from, to],
    );
  }

  /** When the state that holds at the moment began. */
  since(moment: Instant): Instant | null {
    return this.at('status', moment)[0]?.from ?? null;
  }

  /** The state that holds in the end: of plans the last, of a draft itself. */
  get last(): AgreementState | null {
    const last = this.of('status').find(({ to }) => to === null);
    return last ? (last.members['vaerdi'] as AgreementState) : null;
  }

  /** The state that no plan of the agreement leads out of, and when it was taken: what came last by somebody's hand. */
  get lastEdge(): Instant | null {
    return this.of('status').find(({ to }) => to === null)?.from ?? null;
  }

  get states(): AgreementState[] {
    return this.of('status').map(({ members }) => members['vaerdi'] as AgreementState);
  }

  get highestVersion(): number {
    return Math.max(0, ...this.of('egenskaber').map(({ members }) => Number(members['version'] ?? 0)));
  }

  /** What is asked for and not yet answered; its end is not set. */
  get request(): Request | null {
    const asked = this.of('anmodning').find(({ to }) => to === null)?.members;
    if (!asked) return null;
    return {
      version: Number(asked['version']),
      from: (asked['gyldigFra'] as string | undefined) ?? null,
      to: (asked['gyldigTil'] as string | undefined) ?? null,
      by: (asked['af'] as string | undefined) ?? null,
      ...this.asked,
    };
  }

  /** The roles of what is asked for, or is being drafted. */
  get asked(): Content {
    const open = (facet: string) => this.of(facet).filter(({ to }) => to === null);
    return contentOf(open('anmodetRolle'), open('anmodetAfgraensning'));
  }

  /** All of what is asked for, as a text to compare. */
  get requestText(): string {
    const facets = ['anmodning', 'anmodetRolle', 'anmodetAfgraensning'];
    return facets.map((facet) => this.openText(facet)).join();
  }

  get services(): string[] {
    return this.targets('service');
  }
  get system(): string {
    return this.targets('anvendersystem')[0] ?? '';
  }
  get systems(): string[] {
    return this.targets('anvendersystem');
  }
  get vendors(): string[] {
    return [...new Set(this.of('egenskaber').map(({ members }) => text(members['leverandoerCvr'])))];
  }

  /** Cut at each of the edges. @throws Refusal 422 when there are more than an agreement can have. */
  slices(edges: readonly Instant[]): Slice[] {
    const cuts = [...new Set(edges)].sort((a, b) => (a < b ? -1 : 1));
    if (cuts.length > MOST_EDGES) throw invalid('perioder', '', 'Aftalen har for mange perioder.');
    return cuts.map((from) => this.slice(from));
  }

  slice(from: Instant): Slice {
    const properties = this.at('egenskaber', from)[0]?.members ?? {};
    const { version, ...terms } = properties;
    return {
      from,
      status: (this.at('status', from)[0]?.members['vaerdi'] as AgreementState | undefined) ?? null,
      version: typeof version === 'number' ? version : null,
      isTest: properties['aftaletype'] === 'Test',
      content: contentOf(this.at('rolle', from), this.at('afgraensning', from)),
      terms: JSON.stringify([
        terms,
        this.at('anvendersystem', from).map(({ members }) => members),
        this.at('service', from)
          .map(({ members }) => JSON.stringify(members))
          .sort(byText),
      ]),
    };
  }

  /** Ids of the open and coming items of a facet from the moment on. */
  idsFrom(facet: string, moment: Instant): string[] {
    const later = this.of(facet).filter(({ to }) => to === null || to > moment);
    return [...new Set(later.map(({ members }) => text(members['id'])))];
  }

  private of(facet: string): readonly Placed[] {
    return this.facets.get(facet) ?? [];
  }

  private at(facet: string, moment: Instant): readonly Placed[] {
    return this.of(facet).filter(({ from, to }) => from <= moment && (to === null || moment < to));
  }

  private openText(facet: string): string {
    const open = this.of(facet).filter(({ to }) => to === null);
    return JSON.stringify(open.map(({ members }) => JSON.stringify(members)).sort(byText));
  }

  private targets(facet: string): string[] {
    const references = this.of(facet).map(({ members }) => members['reference'] as { uuid?: string });
    return [...new Set(references.flatMap(({ uuid }) => uuid?.toLowerCase() ?? []))];
  }
}
