import { Injectable } from '@nestjs/common';
import { holds } from '@stoettesystemer/access';
import { type Ask, type AsOf, type FacetItems, type ObjectInput, ObjectStore } from '@stoettesystemer/engine';
import { Delegation, Jobfunktionsrolle } from '@stoettesystemer/model';
import { formatInstant, type Instant, now, Refusal } from '@stoettesystemer/object';
import { checked, inputClasses } from '@stoettesystemer/server';
import { Catalogue } from '../roles/catalogue';
import { textOf, textsOf } from '../roles/periods';
import { ReceivedDelegations } from '../roles/received-delegations';
import { needsTwo } from '../roles/rules/approval.rule';
import { facetsOf, StoreSight } from '../roles/store-sight';
import { Receivers } from './receivers';
import { changeTo, dtoOf, facetsFrom, type PresentRole, type RoleDto } from './role-dto';

const NOW: AsOf = { virkning: 'nu', registrering: 'nu' };
const PAGE = 500;
const { create, change } = inputClasses(Jobfunktionsrolle);

const roleOf = (body: string): PresentRole => {
  const { uuid, ejer, registrering } = JSON.parse(body) as {
    uuid: string;
    ejer: string;
    registrering: { nummer: number };
  };
  return { uuid, owner: ejer, number: registrering.nummer, facets: facetsOf(body) };
};
const readOnly = (): Refusal =>
  new Refusal(403, 'delegeret', 'Rollen er delegeret fra en anden myndighed og kan kun ændres af den.');

/**
 * Jobfunktionsroller as existing tools know them: the same objects, by the same rules, as they hold now. Roles that others
 * have delegated to the municipality are among them, to be read.
 */
@Injectable()
export class JobFunctionRoles {
  constructor(
    private readonly store: ObjectStore,
    private readonly receivers: Receivers,
    private readonly delegations: ReceivedDelegations,
  ) {}

  async all(ask: Ask): Promise<RoleDto[]> {
    const own: PresentRole[] = [];
    for (let cursor: string | null = null; ;) {
      const query = { udtryk: null, sorter: ['uuid'], vis: null, limit: PAGE, cursor, antal: false };
      const page = await this.store.search(ask, Jobfunktionsrolle, query, NOW);
      own.push(...page.data.map(roleOf).filter(({ owner }) => owner === ask.caller.owner));
      cursor = page.naeste;
      if (cursor === null) break;
    }
    const receivers = await this.receivers.of(ask);
    return this.told(ask, [...own, ...(await this.delegated(ask))], receivers);
  }

  /** @throws Refusal 404 */
  async one(ask: Ask, uuid: string): Promise<RoleDto> {
    const delegated = (await this.delegated(ask)).find((role) => role.uuid === uuid);
    const role = delegated ?? roleOf((await this.store.read(ask, Jobfunktionsrolle, uuid, NOW)).body);
    const [dto] = await this.told(ask, [role], await this.receivers.of(ask, uuid));
    return dto!;
  }

  async create(ask: Ask, dto: RoleDto): Promise<RoleDto> {
    this.mustBeOurs(ask, dto);
    const wanted = facetsFrom(dto, {});
    const at = now();
    const input = await this.withApproval(ask, changeTo(wanted, {}, at), wanted, {}, at);
    const { uuid } = await this.store.create(ask, Jobfunktionsrolle, checked<ObjectInput>(create, input));
    return this.delegate(ask, uuid, dto);
  }

  /** @throws Refusal 403, 404, 409 when the version is not the latest */
  async replace(ask: Ask, uuid: string, dto: RoleDto): Promise<RoleDto> {
    await this.mustNotBeDelegated(ask, uuid);
    const { facets, number } = roleOf((await this.store.read(ask, Jobfunktionsrolle, uuid, NOW)).body);
    this.mustBeOurs(ask, dto);
    if (dto.uuid && dto.uuid.toLowerCase() !== uuid)
      throw new Refusal(422, 'uuid', 'Rollens uuid er en anden end adressens.');
    if (!dto.version) throw new Refusal(422, 'version', 'version skal være den, rollen blev læst med.');
    if (dto.version !== number) throw stale();
    const wanted = facetsFrom(dto, facets);
    const at = now();
    const input = await this.withApproval(ask, changeTo(wanted, facets, at), wanted, facets, at);
    const taken = checked<ObjectInput>(change, input);
    await this.store.patch(ask, Jobfunktionsrolle, uuid, taken, number).catch((cause: unknown) => {
      throw cause instanceof Refusal && cause.status === 412 ? stale() : cause;
    });
    return this.delegate(ask, uuid, dto);
  }

  /** @throws Refusal 403, 404 also of what is gone already */
  async remove(ask: Ask, uuid: string): Promise<void> {
    await this.mustNotBeDelegated(ask, uuid);
    const { number } = await this.store.read(ask, Jobfunktionsrolle, uuid, NOW);
    await this.store.remove(ask, Jobfunktionsrolle, uuid, number);
  }

  /** The tools know nothing of a second pair of eyes: where one is needed, the role waits for it. */
  private async withApproval(
    ask: Ask,
    input: ObjectInput,
    wanted: FacetItems,
    present: FacetItems,
    at: Instant,
  ): Promise<ObjectInput> {
    if (!input.attributter) return input;
    const virkning = { fra: formatInstant(at) };
    const state = textOf(present['godkendelse']?.[0], 'vaerdi') ?? 'Godkendt';
    const set = (vaerdi: string) => ({ tilstande: { godkendelse: [{ virkning, vaerdi }] } });
    if (!(await needsTwo(new StoreSight(this.store, ask.caller.owner), wanted, at)))
      return { ...input, ...set('Godkendt') };
    const former = state === 'Godkendt' ? [] : textsOf(present['aendring']?.[0], 'af');
    const af = [...new Set([...former, ask.caller.subject])];
    return {
      attributter: { ...input.attributter, aendring: [{ virkning, af }] },
      ...set('AfventerGodkendelse'),
    };
  }

  private async delegate(ask: Ask, uuid: string, { delegeretTilCvr }: RoleDto): Promise<RoleDto> {
    if (typeof delegeretTilCvr === 'string') {
      const wanted = new Set(delegeretTilCvr.split(',').map((cvr) => cvr.trim()));
      await this.receivers.change(ask, uuid, [...wanted]);
    }
    return this.one(ask, uuid);
  }

  private async delegated(ask: Ask): Promise<PresentRole[]> {
    if (!holds(ask.caller, Delegation, 'laes')) return [];
    const received = await this.delegations.all(ask);
    const roles = received.flatMap(({ status, jobfunktionsrolle }) =>
      status === 'Accepteret' && jobfunktionsrolle !== null ? [roleOf(jobfunktionsrolle)] : [],
    );
    return [...new Map(roles.map((role) => [role.uuid, role])).values()];
  }

  private async mustNotBeDelegated(ask: Ask, uuid: string): Promise<void> {
    if ((await this.delegated(ask)).some((role) => role.uuid === uuid)) throw readOnly();
  }

  /** T40: what is granted is granted in one's own municipality. */
  private mustBeOurs({ caller }: Ask, { organisationCvr }: RoleDto): void {
    if (organisationCvr && organisationCvr !== caller.owner)
      throw new Refusal(403, 'myndighed', 'Rollen kan kun laves og ændres for tokenets myndighed.');
  }

  private async told(
    { caller }: Ask,
    roles: readonly PresentRole[],
    receivers: ReadonlyMap<string, readonly string[]>,
  ): Promise<RoleDto[]> {
    const catalogue = new Catalogue(new StoreSight(this.store, caller.owner), now());
    const types = new Set(
      roles.flatMap(({ facets }) =>
        (facets['afgraensning'] ?? []).map((limit) => textOf(limit, 'dataafgraensningstype') ?? ''),
      ),
    );
    const names = new Map<string, string>();
    for (const type of types) names.set(type, (await catalogue.type(type))?.navn ?? '');
    return roles.map((role) => {
      const toOthers = role.owner === caller.owner ? receivers.get(role.uuid) : [caller.owner];
      return dtoOf(role, (entityId) => names.get(entityId) ?? '', toOthers ?? []);
    });
  }
}

const stale = (): Refusal =>
  new Refusal(409, 'foraeldet', 'Rollen er ændret, siden du læste den. Læs igen og prøv igen.');
