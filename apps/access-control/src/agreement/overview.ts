import type { FacetItems } from '@stoettesystemer/engine';
import type { Dataafgraensningstype, ItSystem, Service, Servicesystemrolle } from '@stoettesystemer/model';
import { formatInstant, type Instant } from '@stoettesystemer/object';
import { AgreementTimeline, type Content, type LimitItem } from './agreement-timeline';
import type { Registered } from './reader';

/** What the catalogue says now of what an agreement names. */
export interface Named {
  readonly systems: readonly Registered<typeof ItSystem>[];
  readonly services: readonly Registered<typeof Service>[];
  readonly roles: readonly Registered<typeof Servicesystemrolle>[];
  readonly types: readonly Registered<typeof Dataafgraensningstype>[];
}

export interface LimitInWords {
  readonly id: string;
  readonly navn: string;
  readonly vaerdier: readonly { readonly vaerdi: string; readonly navn: string }[];
}
export interface RoleInWords {
  readonly id: string;
  readonly servicesystemrolle: string;
  readonly navn: string;
  readonly beskrivelse: string;
  readonly service: string;
  readonly afgraensninger: readonly LimitInWords[];
}

const ALL = 'alle';
const valuesOf = ({ vaerdier }: LimitInWords): string => vaerdier.map(({ navn }) => navn).join(', ');
const limitText = (limit: LimitInWords): string => `${limit.navn}: ${valuesOf(limit)}`;

function limitInWords(limit: LimitItem, { types }: Named): LimitInWords {
  const { dataafgraensningstype: entityId, vaerdier } = limit;
  const type = types.find(({ attributter }) => attributter?.egenskaber?.[0]?.entityId === entityId);
  const names = new Map(
    (type?.attributter?.vaerdi ?? []).map(({ vaerdi, navn }) => [vaerdi, navn ?? vaerdi]),
  );
  return {
    id: limit.id,
    navn: type?.attributter?.egenskaber?.[0]?.navn ?? entityId,
    vaerdier: (vaerdier ?? []).map((vaerdi) => ({
      vaerdi,
      navn: vaerdi === '*' ? ALL : (names.get(vaerdi) ?? vaerdi),
    })),
  };
}

const inWords = ({ roles, limits }: Content, named: Named): RoleInWords[] =>
  roles.map(({ id, servicesystemrolle }) => {
    const role = named.roles.find(({ uuid }) => uuid === servicesystemrolle);
    const reference = role?.relationer?.service?.[0]?.reference;
    const service = named.services.find(
      ({ uuid }) => reference && 'uuid' in reference && reference.uuid === uuid,
    );
    const { navn = servicesystemrolle, beskrivelse } = role?.attributter?.egenskaber?.[0] ?? {};
    return {
      id,
      servicesystemrolle,
      navn,
      beskrivelse: beskrivelse ?? '',
      service: service?.attributter?.egenskaber?.[0]?.navn ?? '',
      afgraensninger: limits
        .filter(({ rolleId }) => rolleId === id)
        .map((limit) => limitInWords(limit, named)),
    };
  });

const roleText = ({ navn, afgraensninger }: RoleInWords): string =>
  afgraensninger.length === 0 ? navn : `${navn} (${afgraensninger.map(limitText).join('; ')})`;

/** What a yes would change, a line for each. */
function differences(old: readonly RoleInWords[], asked: readonly RoleInWords[]): string[] {
  const same = (a: RoleInWords) => (b: RoleInWords) =>
    a.id === b.id && a.servicesystemrolle === b.servicesystemrolle;
  return [
    ...asked.filter((role) => !old.some(same(role))).map((role) => `Ny rolle: ${roleText(role)}.`),
    ...old.filter((role) => !asked.some(same(role))).map((role) => `Rollen bortfalder: ${roleText(role)}.`),
    ...asked.flatMap((role) => {
      const former = old.find(same(role));
      return former ? changedLimits(former, role) : [];
    }),
  ];
}

function changedLimits(former: RoleInWords, { navn, afgraensninger }: RoleInWords): string[] {
  const was = new Map(former.afgraensninger.map((limit) => [limit.navn, valuesOf(limit)]));
  const is = new Map(afgraensninger.map((limit) => [limit.navn, valuesOf(limit)]));
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => `${navn}: ${name} ændres fra ${was.get(name) ?? 'intet'} til ${is.get(name) ?? 'intet'}.`);
}

/** Everything that an agreement points at, now and in what is asked for: what there must be names for. */
export function namesIn(items: FacetItems) {
  const timeline = new AgreementTimeline(items);
  const contents = [timeline.asked, ...timeline.slices(timeline.edges).map(({ content }) => content)];
  return {
    systems: timeline.systems,
    services: timeline.services,
    roles: contents.flatMap(({ roles }) => roles.map(({ servicesystemrolle }) => servicesystemrolle)),
    restrictions: contents.flatMap(({ limits }) => limits.map((limit) => limit.dataafgraensningstype)),
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** An agreement in plain language, for the one who is to sign it. */
export function overview(uuid: string, items: FacetItems, named: Named, moment: Instant) {
  const timeline = new AgreementTimeline(items);
  const slices = timeline.slices([...timeline.edges, moment]);
  const inForce = slices.find(({ from, status }) => from >= moment && status === 'Aktiv');
  const end = inForce && slices.find(({ from, status }) => from > inForce.from && status !== 'Aktiv');
  const { request } = timeline;
  const properties = (items['egenskaber'] ?? []).at(-1) ?? ({} as Record<string, unknown>);
  const [system] = named.systems;
  const systemProperties = system?.attributter?.egenskaber?.[0];
  const old = inForce ? inWords(inForce.content, named) : [];
  const asked = request ? inWords(request, named) : [];
  return {
    uuid,
    navn: text(properties['navn']),
    formaal: text(properties['formaal']),
    hjemmel: text(properties['hjemmel']),
    aftaletype: text(properties['aftaletype']),
    videregivelse: properties['videregivelse'] === true,
    status: slices.findLast(({ from }) => from <= moment)?.status ?? null,
    leverandoer: {
      cvr: text(properties['leverandoerCvr']),
      navn: systemProperties?.organisationNavn ?? null,
    },
    anvendersystem: {
      uuid: timeline.system,
      navn: systemProperties?.navn ?? null,
      beskrivelse: systemProperties?.beskrivelse ?? null,
    },
    services: timeline.services.map((service) => {
      const found = named.services.find((each) => each.uuid === service)?.attributter?.egenskaber?.[0];
      return { uuid: service, navn: found?.navn ?? null, beskrivelse: found?.beskrivelse ?? null };
    }),
    gaeldende: inForce
      ? {
          version: inForce.version,
          fra: formatInstant(beginOf(slices, inForce.from, moment, timeline)),
          til: end ? formatInstant(end.from) : null,
          roller: old,
        }
      : null,
    anmodet: request
      ? {
          version: request.version,
          fra: request.from,
          til: request.to,
          begrundelse: text(
            (items['anmodning'] ?? []).find(({ virkning }) => !virkning.til)?.['begrundelse'],
          ),
          roller: asked,
        }
      : null,
    forskelle: request ? differences(old, asked) : [],
  };
}

/** When the version that is in force came into force. */
function beginOf(
  slices: readonly {
    readonly from: Instant;
    readonly status: string | null;
    readonly version: number | null;
  }[],
  from: Instant,
  moment: Instant,
  timeline: AgreementTimeline,
): Instant {
  const { version } = timeline.slice(from);
  const first = slices.find((slice) => slice.status === 'Aktiv' && slice.version === version);
  return first?.from ?? moment;
}
