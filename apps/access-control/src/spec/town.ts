import { randomUUID } from 'node:crypto';
import type { Answer, RunningService } from '@stoettesystemer/testing';

export const FROM = '2000-01-01T00:00:00Z';
export const COMMON = '19435075';
export const TOWN = '12345678';
export const OTHER_TOWN = '87654321';
const PREFIX = '/adgangsstyring';

export type Virkning = Readonly<{ fra?: string; til?: string }>;
export type Item = Readonly<Record<string, unknown>>;
type Facets = Readonly<Record<string, readonly Item[]>>;
export interface Content {
  readonly attributter?: Facets;
  readonly tilstande?: Facets;
  readonly relationer?: Facets;
}

export const always = ({ fra = FROM, til }: Virkning = {}) => ({ fra, til: til ?? null });
/** Items that hold all the time. */
export const held = (...items: readonly Item[]): Item[] =>
  items.map((item) => ({ virkning: always(), ...item }));
export const pointing = (...uuids: readonly string[]): Item[] =>
  held(...uuids.map((uuid) => ({ reference: { uuid } })));

export const jsonOf = <T>({ text }: Answer): T => JSON.parse(text) as T;
/** Status and code of what was refused; the status alone of what was not. */
export const outcomeOf = (answer: Answer): [number, string?] =>
  answer.status < 400 ? [answer.status] : [answer.status, jsonOf<{ kode: string }>(answer).kode];
/** The UUID of what was made. */
export async function made(answer: Promise<Answer>): Promise<string> {
  const { status, text } = await answer;
  if (status !== 201) throw new Error(`${status} ${text}`);
  return (JSON.parse(text) as { uuid: string }).uuid;
}

const named = () => `http://eksempel.dk/${randomUUID()}/1`;

interface SystemParts {
  readonly egenskaber?: Item;
  readonly types?: readonly string[];
  readonly authorities?: readonly string[];
  /** Further groups. */
  readonly facets?: Facets;
}
export const systemBody = ({
  egenskaber = {},
  types = ['BrugervendtSystem'],
  authorities,
  facets = {},
}: SystemParts = {}): Content => ({
  attributter: {
    egenskaber: held({
      navn: 'Et system',
      entityId: named(),
      organisationCvr: COMMON,
      rollepostkasse: 'drift@eksempel.dk',
      vilkaarAccepteret: true,
      ...egenskaber,
    }),
    systemtype: held(...types.map((navn) => ({ navn }))),
    ...(authorities ? { myndighedsafgraensning: held({ cvr: authorities }) } : {}),
    ...facets,
  },
});

export const typeBody = (entityId: string, values: readonly string[], egenskaber: Item = {}): Content => ({
  attributter: {
    egenskaber: held({
      navn: 'En type',
      entityId,
      vaerditype: values.length > 0 ? 'MULTI' : 'TEXT',
      organisationCvr: COMMON,
      ...egenskaber,
    }),
    ...(values.length > 0 ? { vaerdi: held(...values.map((vaerdi) => ({ vaerdi }))) } : {}),
  },
});

export const userRoleBody = (
  system: string,
  carries: readonly { type: string; isRequired?: boolean }[] = [],
  egenskaber: Item = {},
): Content => ({
  attributter: {
    egenskaber: held({
      navn: 'Sagsbehandler',
      entityId: named(),
      privilegier: ['sag:laes'],
      organisationCvr: COMMON,
      ...egenskaber,
    }),
    dataafgraensning: held(
      ...carries.map(({ type, isRequired = false }) => ({
        dataafgraensningstype: type,
        kraevet: isRequired,
      })),
    ),
  },
  relationer: { brugervendtSystem: pointing(system) },
});

/** A jobfunktionsrolle of one user role, with values by the entityId of their type. */
export const roleBody = (
  userRole: string,
  values: Readonly<Record<string, readonly string[]>> = {},
  { egenskaber = {}, ...facets }: { egenskaber?: Item; tilstande?: Facets; aendring?: readonly Item[] } = {},
): Content => ({
  attributter: {
    egenskaber: held({ navn: 'Leder', entityId: named(), ...egenskaber }),
    rolle: held({ id: 'r', brugersystemrolle: userRole }),
    afgraensning: held(
      ...Object.entries(values).map(([type, vaerdier], at) => ({
        id: `a${at}`,
        rolleId: 'r',
        dataafgraensningstype: type,
        vaerdier,
      })),
    ),
    ...(facets.aendring ? { aendring: facets.aendring } : {}),
  },
  ...(facets.tilstande ? { tilstande: facets.tilstande } : {}),
});

export const delegationBody = (role: string, receiver: string, status = 'Anmodet'): Content => ({
  attributter: { egenskaber: held({ modtagerCvr: receiver }) },
  tilstande: { status: held({ vaerdi: status }) },
  relationer: { jobfunktionsrolle: pointing(role) },
});

/** Somebody at work in Adgangsstyring: a municipality, or (with `COMMON`) a vendor in the catalogue. */
export class Town {
  constructor(
    private readonly service: RunningService,
    private readonly wish: { system?: string; cvr?: string } = {},
    private readonly otherwise: Parameters<RunningService['tokenAs']>[1] = {},
  ) {}

  /** The same, in the name of another person or with more rights. */
  as(otherwise: Parameters<RunningService['tokenAs']>[1]): Town {
    return new Town(this.service, this.wish, otherwise);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const token = await this.service.tokenAs(this.wish, this.otherwise);
    return this.service.send(method, `${PREFIX}/${path}`, { body, headers, token });
  }

  post(path: string, body: Content): Promise<Answer> {
    return this.send('POST', `v1/${path}`, body);
  }

  async read<T = { data: unknown[] }>(path: string): Promise<T> {
    const answer = await this.send('GET', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return jsonOf<T>(answer);
  }

  /** Ret, passiver, slet, or a step: on registration `nummer`. */
  async change(method: string, path: string, body?: unknown, nummer = 1): Promise<Answer> {
    return this.send(method, `v1/${path}`, body, { 'if-match': `"${nummer}"` });
  }
}

/** Somebody who registers in the catalogue. */
export const vendorIn = (service: RunningService): Town =>
  new Town(service, { system: 'demo-faelles', cvr: COMMON });

/** A system with one role that carries one restriction, ja or nej; for municipalities to make roles of. */
export async function catalogueIn(
  service: RunningService,
  {
    egenskaber = {},
    isRequired = false,
    values = ['ja', 'nej'] as readonly string[],
    type: more = {} as Item,
  } = {},
) {
  const vendor = vendorIn(service);
  const system = await made(vendor.post('it-systemer', systemBody()));
  const type = named();
  const typeUuid = await made(vendor.post('dataafgraensningstyper', typeBody(type, values, more)));
  const body = userRoleBody(system, [{ type, isRequired }], egenskaber);
  const userRole = await made(vendor.post('brugersystemroller', body));
  return { vendor, system, type, typeUuid, userRole };
}
