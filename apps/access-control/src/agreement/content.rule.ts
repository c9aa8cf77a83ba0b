import { COMMON_OWNER, type ConstraintName, type ConstraintValue } from '@stoettesystemer/access';
import type { Change, Rule } from '@stoettesystemer/engine';
import { type Fault, Refusal } from '@stoettesystemer/object';
import { tokenConstraint } from '../decision/token-constraint';
import { faultsOf } from '../restriction/restriction-values';
import { sizeFault } from '../token-service/token-size';
import { isDraft } from './agreement-state';
import { AgreementTimeline, type Content, FACETS, type LimitItem, sameContent } from './agreement-timeline';
import { Catalogue, type CataloguedRole } from './catalogue';

const MOST_FAULTS = 50;
/** Nobody reads more of them, and each is looked up. */
const MOST_ROLES = 200;
const MOST_LIMITS = 1000;

/** Where the roles and the restrictions of what is checked stand. */
interface Place {
  readonly roles: string;
  readonly limits: string;
  /** A draft may lack something; what is asked for or in force may not. */
  readonly isWhole: boolean;
}
const ASKED = { roles: '/attributter/anmodetRolle', limits: '/attributter/anmodetAfgraensning' };
const GIVEN = { roles: '/attributter/rolle', limits: '/attributter/afgraensning' };

/** The it-system calls services, is the vendor's own, and lets this municipality in. */
async function faultsOfSystem(
  catalogue: Catalogue,
  { systems, vendors }: AgreementTimeline,
  owner: string,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const say = (kode: string, besked: string) =>
    faults.push({ sti: '/relationer/anvendersystem', kode, besked });
  for (const uuid of systems) {
    const system = await catalogue.system(uuid);
    if (!system) say('ukendt_system', 'It-systemet findes ikke.');
    else {
      const { navn, organisation, authorities } = system;
      if (!system.isCalling) say('systemtype', `${navn} er ikke et anvendersystem.`);
      if (system.isClosed) say('lukket', `${navn} er lukket.`);
      if (vendors.some((vendor) => vendor !== organisation))
        say('leverandoer', `${navn} er registreret af en anden organisation end aftalens leverandør.`);
      if (authorities.length > 0 && !authorities.includes(owner))
        say('myndighedsafgraensning', `${navn} er ikke åbent for myndigheden.`);
    }
  }
  if (systems.length === 0) say('ukendt_system', 'Aftalen skal pege på et it-system ved UUID.');
  return faults;
}

async function faultsOfServices(catalogue: Catalogue, { services }: AgreementTimeline): Promise<Fault[]> {
  const known = await Promise.all(services.map((uuid) => catalogue.isService(uuid)));
  return services
    .filter((_, at) => !known[at])
    .map((uuid) => ({
      sti: '/relationer/service',
      kode: 'ukendt_service',
      besked: `Servicen ${uuid} findes ikke.`,
    }));
}

/** The faults of one role and of its restrictions. */
async function faultsOfRole(
  catalogue: Catalogue,
  role: CataloguedRole,
  id: string,
  limits: readonly LimitItem[],
  place: Place,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const named = `${role.navn} (${id})`;
  const said = new Set<string>();
  for (const limit of limits) {
    const type = limit.dataafgraensningstype;
    const say = (kode: string, besked: string) =>
      faults.push({ sti: place.limits, kode, besked: `${limit.id}: ${besked}` });
    if (said.has(type)) say('gentaget', `${named} er allerede afgrænset ved ${type}.`);
    said.add(type);
    if (!role.carries.has(type)) {
      say('afgraensning', `${named} kan ikke afgrænses ved ${type}.`);
      continue;
    }
    const known = await catalogue.restriction(type);
    if (!known) say('afgraensning', `Dataafgrænsningstypen ${type} findes ikke.`);
    else for (const fault of faultsOf(known, limit.vaerdier ?? [])) say('vaerdi', fault);
  }
  if (place.isWhole)
    for (const [type, isRequired] of role.carries)
      if (isRequired && !said.has(type))
        faults.push({
          sti: place.limits,
          kode: 'paakraevet',
          besked: `${named} skal afgrænses ved ${type}; * er alle.`,
        });
  return faults;
}

async function faultsOfContent(
  catalogue: Catalogue,
  { roles, limits }: Content,
  services: readonly string[],
  owner: string,
  place: Place,
): Promise<Fault[]> {
  const at = (sti: string, kode: string, besked: string): Fault => ({ sti, kode, besked });
  if (roles.length > MOST_ROLES || limits.length > MOST_LIMITS)
    return [at(place.roles, 'antal', `Højst ${MOST_ROLES} roller og ${MOST_LIMITS} afgrænsninger.`)];
  const faults: Fault[] = [];
  if (place.isWhole && roles.length === 0)
    faults.push(at(place.roles, 'paakraevet', 'Der skal være en rolle.'));
  for (const { id, servicesystemrolle } of roles) {
    const role = await catalogue.role(servicesystemrolle);
    if (!role) faults.push(at(place.roles, 'ukendt_rolle', `${id}: Servicesystemrollen findes ikke.`));
    else if (!services.includes(role.service))
      faults.push(at(place.roles, 'service', `${id}: ${role.navn} er ikke i en af aftalens services.`));
    else if (role.isCrossing && owner !== COMMON_OWNER)
      faults.push(
        at(place.roles, 'tvaergaaende', `${id}: ${role.navn} gives kun af den fælles organisation.`),
      );
    else {
      const its = limits.filter(({ rolleId }) => rolleId === id);
      faults.push(...(await faultsOfRole(catalogue, role, id, its, place)));
    }
  }
  const ids = new Set(roles.map(({ id }) => id));
  for (const { id, rolleId } of limits)
    if (!ids.has(rolleId))
      faults.push(at(place.limits, 'rolle', `${id}: Aftalen har ingen rolle ${rolleId}.`));
  return faults;
}

/** Whether what is given can never come in a token; what is wrong otherwise is said first. */
async function faultsOfSize(
  catalogue: Catalogue,
  { roles, limits }: Content,
  owner: string,
  place: Place,
): Promise<Fault[]> {
  const given: Parameters<typeof sizeFault>[0][number][] = [];
  for (const { id, servicesystemrolle } of roles) {
    const role = await catalogue.role(servicesystemrolle);
    if (!role) continue;
    const constraints: Record<string, ConstraintValue> = {};
    for (const { dataafgraensningstype: type, vaerdier } of limits.filter(({ rolleId }) => rolleId === id)) {
      const dimension = ((await catalogue.restriction(type))?.dimension ?? null) as ConstraintName | null;
      constraints[dimension ?? type] = tokenConstraint(dimension, vaerdier ?? []);
    }
    const { service, privileges } = role;
    given.push({ services: [service], group: { kind: 'system', privileges, constraints } });
  }
  const besked = sizeFault(given, owner);
  return besked === null ? [] : [{ sti: place.limits, kode: 'token_for_stort', besked }];
}

/** What the change says that was not there before: asked for, or in force at some time. */
function* newContent(
  before: AgreementTimeline,
  after: AgreementTimeline,
): Generator<readonly [Content, Place]> {
  const { request } = after;
  const isWhole = !isDraft(after.last);
  const asksNow = before.last !== after.last || before.requestText !== after.requestText;
  if (request && (asksNow || !isWhole)) yield [request, { ...ASKED, isWhole }];
  const edges = [...before.edges, ...after.edges];
  const were = before.slices(edges);
  let last: Content | null = null;
  for (const [at, { status, content }] of after.slices(edges).entries()) {
    const was = were[at]!;
    const isOld = was.status === 'Aktiv' && sameContent(was.content, content);
    if (status !== 'Aktiv' || isOld || (last && sameContent(last, content))) continue;
    last = content;
    yield [content, { ...GIVEN, isWhole: true }];
  }
}

/** Whether there is anything new to be judged: to end an agreement, or to say no, must always be possible. */
const isEnding = (before: AgreementTimeline, { last }: AgreementTimeline): boolean =>
  !before.isNew && before.last !== last && (last === 'Ophaevet' || last === 'Afvist' || last === 'Trukket');

/** An agreement says only what the catalogue has: system, services, roles, restrictions and their values. */
export const content: Rule = {
  types: ['Serviceaftale'],
  facets: FACETS,
  async check(change: Change) {
    if (change.action === 'passiver' || change.action === 'slet') return;
    const before = new AgreementTimeline(change.before);
    const after = new AgreementTimeline(change.after);
    if (isEnding(before, after)) return;
    const contents = [...newContent(before, after)];
    if (contents.length === 0 && !isDraft(after.last)) return;
    const catalogue = new Catalogue(change);
    const { owner } = change.caller;
    const faults = [
      ...(await faultsOfSystem(catalogue, after, owner)),
      ...(await faultsOfServices(catalogue, after)),
    ];
    for (const [each, place] of contents)
      faults.push(...(await faultsOfContent(catalogue, each, after.services, owner, place)));
    if (faults.length === 0)
      for (const [each, place] of contents)
        faults.push(...(await faultsOfSize(catalogue, each, owner, place)));
    const [first] = faults;
    if (first) throw new Refusal(422, first.kode, first.besked, { fejl: faults.slice(0, MOST_FAULTS) });
  },
};
