import { randomUUID } from 'node:crypto';
import { COMMON_OWNER, type Dimension } from '@stoettesystemer/access';
import type { AsOf, Ask, Expression, ObjectStore } from '@stoettesystemer/engine';
import {
  Brugersystemrolle,
  Dataafgraensningstype,
  Delegation,
  Foederationsaftale,
  ItSystem,
  Jobfunktionsrolle,
  Service,
  Serviceaftale,
  Servicesystemrolle,
} from '@stoettesystemer/model';
import {
  type Declaration,
  type Facets,
  type Instant,
  parseInstant,
  type Reference,
  Refusal,
} from '@stoettesystemer/object';
import { internalCaller } from '../internal-caller';
import type { Carries, Given, Knowledge, KnownAgreement, KnownJobFunction } from './knowledge';
import { Moment } from './moment';
import type { AskingUser, Question, SaidJobFunction } from './question';

type Registered<D extends Declaration> = Facets<D> & { readonly uuid: string; readonly ejer: string };

/** The most that one look-up gives. No role has so many restrictions, and no system so many agreements with one. */
const MOST = 500;

const uuidOf = (reference: Reference | undefined): string | null =>
  reference && 'uuid' in reference ? reference.uuid : null;

/** Reads what is registered about a question, as known at a registration time (null: now). */
export class Gatherer {
  constructor(
    private readonly store: ObjectStore,
    private readonly allowsTest: boolean,
    private readonly known: Instant | null = null,
  ) {}

  async gather({ system, service, owner, at, user }: Question): Promise<Knowledge> {
    const moment = new Moment(at);
    const [registeredSystem, [registeredService], agreements] = await Promise.all([
      this.read(COMMON_OWNER, ItSystem, system),
      this.search(COMMON_OWNER, Service, { felt: 'entityId', lig: service }),
      this.search(owner, Serviceaftale, { felt: 'anvendersystem', lig: { uuid: system } }),
    ]);
    const serviceRoles = registeredService
      ? await this.search(COMMON_OWNER, Servicesystemrolle, {
          felt: 'service',
          lig: { uuid: registeredService.uuid },
        })
      : [];
    const jobFunctions = user ? await this.jobFunctionsOf(user, moment) : [];
    const userRoleIds = jobFunctions.flatMap(({ role }) => role?.given.map((given) => given.role) ?? []);
    const [userRoles, isFederated] = await Promise.all([
      this.readMany(COMMON_OWNER, Brugersystemrolle, userRoleIds),
      user ? this.isFederated(user, moment) : false,
    ]);
    const known = agreements.flatMap((each) => agreementOf(each, moment));
    const roles = serviceRoles.map((each) => {
      const properties = moment.one(each.attributter?.egenskaber);
      return {
        uuid: each.uuid,
        navn: properties?.navn ?? '',
        service: uuidOf(moment.one(each.relationer?.service)?.reference) ?? '',
        privileges: properties?.privilegier ?? [],
        isCrossing: each.ejer === COMMON_OWNER && properties?.tvaergaaende === true,
        carries: carriesOf(moment.of(each.attributter?.dataafgraensning)),
        keptTo: moment
          .of(each.attributter?.fastAfgraensning)
          .map(({ dataafgraensningstype }) => dataafgraensningstype),
      };
    });
    const people = userRoles.map((each) => {
      const properties = moment.one(each.attributter?.egenskaber);
      return {
        uuid: each.uuid,
        navn: properties?.navn ?? '',
        system: uuidOf(moment.one(each.relationer?.brugervendtSystem)?.reference) ?? '',
        services: moment.of(each.relationer?.service).flatMap(({ reference }) => uuidOf(reference) ?? []),
        privileges: properties?.privilegier ?? [],
        level: properties?.nsisNiveau ?? ('Substantial' as const),
        carries: carriesOf(moment.of(each.attributter?.dataafgraensning)),
      };
    });
    const given = [
      ...known.flatMap((each) => each.given),
      ...jobFunctions.flatMap(({ role }) => role?.given ?? []),
    ];
    const types = new Set([
      ...given.flatMap(({ limits }) => limits.map(({ type }) => type)),
      ...roles.flatMap(({ keptTo, carries }) => [...keptTo, ...carries.map(({ type }) => type)]),
      ...people.flatMap(({ carries }) => carries.map(({ type }) => type)),
    ]);
    const dimensions = await this.dimensionsOf([...types], moment);
    return {
      system: registeredSystem && systemOf(registeredSystem, moment),
      service: registeredService
        ? {
            uuid: registeredService.uuid,
            navn: moment.one(registeredService.attributter?.egenskaber)?.navn ?? '',
            entityId: service,
          }
        : null,
      agreements: known,
      serviceRoles: roles,
      userRoles: people,
      dimensions,
      allowsTest: this.allowsTest,
      user: user ? { isFederated, jobFunctions } : null,
      until: moment.until,
    };
  }

  private async isFederated({ home, idp }: AskingUser, moment: Moment): Promise<boolean> {
    const agreements = await this.search(home, Foederationsaftale, {
      felt: 'identityProvider',
      lig: { uuid: idp },
    });
    return agreements.some(
      ({ ejer, tilstande }) => ejer === home && moment.one(tilstande?.status)?.vaerdi === 'Aktiv',
    );
  }

  private jobFunctionsOf({ home, jobFunctions }: AskingUser, moment: Moment): Promise<KnownJobFunction[]> {
    return Promise.all(jobFunctions.map((said) => this.jobFunctionOf(home, said, moment)));
  }

  private async jobFunctionOf(
    home: string,
    said: SaidJobFunction,
    moment: Moment,
  ): Promise<KnownJobFunction> {
    const { scope, entityId } = said;
    const roles = await this.search(scope, Jobfunktionsrolle, { felt: 'entityId', lig: entityId });
    const role = roles.find(
      (each) => each.ejer === scope && moment.one(each.attributter?.egenskaber)?.entityId === entityId,
    );
    const isForeign = scope !== home;
    const delegation = role && isForeign ? await this.delegationOf(scope, role.uuid, home, moment) : null;
    const status = role && moment.one(role.tilstande?.godkendelse)?.vaerdi;
    return {
      said,
      role: role
        ? {
            uuid: role.uuid,
            navn: moment.one(role.attributter?.egenskaber)?.navn ?? '',
            isApproved: status === undefined || status === 'Godkendt',
            given: givenOf(
              moment
                .of(role.attributter?.rolle)
                .map(({ id, brugersystemrolle }) => ({ id, role: brugersystemrolle })),
              moment.of(role.attributter?.afgraensning),
            ),
          }
        : null,
      delegation: isForeign ? (delegation ?? { uuid: null, isAccepted: false }) : null,
    };
  }

  private async delegationOf(owner: string, role: string, receiver: string, moment: Moment) {
    const found = await this.search(owner, Delegation, { felt: 'jobfunktionsrolle', lig: { uuid: role } });
    const mine = found
      .filter(
        (each) => each.ejer === owner && moment.one(each.attributter?.egenskaber)?.modtagerCvr === receiver,
      )
      .map((each) => ({
        uuid: each.uuid,
        isAccepted: moment.one(each.tilstande?.status)?.vaerdi === 'Accepteret',
      }));
    return mine.find(({ isAccepted }) => isAccepted) ?? mine[0] ?? null;
  }

  private async dimensionsOf(
    entityIds: readonly string[],
    moment: Moment,
  ): Promise<Record<string, Dimension | null>> {
    if (entityIds.length === 0) return {};
    const types = await this.search(COMMON_OWNER, Dataafgraensningstype, {
      felt: 'entityId',
      iblandt: entityIds,
    });
    const properties = types.flatMap((each) => moment.one(each.attributter?.egenskaber) ?? []);
    return Object.fromEntries(properties.map(({ entityId, dimension }) => [entityId, dimension ?? null]));
  }

  private get at(): AsOf {
    return { virkning: 'alle', registrering: this.known === null ? 'nu' : { at: this.known } };
  }

  private ask(owner: string): Ask {
    return { caller: internalCaller(owner), transaction: randomUUID() };
  }

  private async read<D extends Declaration>(
    owner: string,
    type: D,
    uuid: string,
  ): Promise<Registered<D> | null> {
    try {
      return JSON.parse((await this.store.read(this.ask(owner), type, uuid, this.at)).body) as Registered<D>;
    } catch (cause) {
      if (cause instanceof Refusal && cause.status === 404) return null;
      throw cause;
    }
  }

  private async readMany<D extends Declaration>(
    owner: string,
    type: D,
    uuids: readonly string[],
  ): Promise<Registered<D>[]> {
    if (uuids.length === 0) return [];
    const found = await this.store.readMany(
      this.ask(owner),
      type,
      [...new Set(uuids)].slice(0, MOST),
      this.at,
    );
    return found.map(({ body }) => JSON.parse(body) as Registered<D>);
  }

  private async search<D extends Declaration>(
    owner: string,
    type: D,
    udtryk: Expression,
  ): Promise<Registered<D>[]> {
    const query = { udtryk, sorter: [], vis: null, limit: MOST, cursor: null, antal: false };
    const { data, naeste } = await this.store.search(this.ask(owner), type, query, this.at);
    // To go on with a part of what is registered would be to decide on something else.
    if (naeste !== null) throw new Error(`More than ${MOST} of ${type.name} for one question`);
    return data.map((body) => JSON.parse(body) as Registered<D>);
  }
}

function systemOf({ uuid, attributter, tilstande }: Registered<typeof ItSystem>, moment: Moment) {
  const properties = moment.one(attributter?.egenskaber);
  if (!properties) return null;
  return {
    uuid,
    navn: properties.navn,
    organisation: properties.organisationCvr,
    types: moment.of(attributter?.systemtype).map(({ navn }) => navn),
    isClosed: moment.one(tilstande?.tilstand)?.vaerdi === 'Lukket',
    authorities: moment.one(attributter?.myndighedsafgraensning)?.cvr ?? [],
  };
}

function agreementOf(
  { uuid, ejer, attributter, tilstande }: Registered<typeof Serviceaftale>,
  moment: Moment,
): KnownAgreement[] {
  const properties = moment.one(attributter?.egenskaber);
  const status = moment.one(tilstande?.status);
  if (!properties || !status) return [];
  const isInForce = status.vaerdi === 'Aktiv';
  const wasGiven = !isInForce && (attributter?.rolle ?? []).length > 0;
  const [roles, limits] = isInForce
    ? [moment.of(attributter?.rolle), moment.of(attributter?.afgraensning)]
    : wasGiven
      ? [lastOf(attributter?.rolle), lastOf(attributter?.afgraensning)]
      : [lastOf(attributter?.anmodetRolle), lastOf(attributter?.anmodetAfgraensning)];
  return [
    {
      uuid,
      owner: ejer,
      navn: properties.navn,
      version: properties.version ?? 1,
      isTest: properties.aftaletype === 'Test',
      status: status.vaerdi,
      since: parseInstant(status.virkning.fra)!,
      given: givenOf(
        roles.map(({ id, servicesystemrolle }) => ({ id, role: servicesystemrolle })),
        limits,
      ),
    },
  ];
}

/** Of each id the last that was said: what an agreement that is not in force gave, or would give. */
const lastOf = <T extends { readonly id: string }>(items: readonly T[] = []): T[] => [
  ...new Map(items.map((item) => [item.id, item])).values(),
];

interface WrittenLimit {
  readonly rolleId: string;
  readonly dataafgraensningstype: string;
  readonly vaerdier?: readonly string[] | null;
  readonly dynamisk?: boolean | null;
}

const givenOf = (
  roles: readonly { readonly id: string; readonly role: string }[],
  limits: readonly WrittenLimit[],
): Given[] =>
  roles.map(({ id, role }) => ({
    role: role.toLowerCase(),
    limits: limits
      .filter(({ rolleId }) => rolleId === id)
      .map(({ dataafgraensningstype, vaerdier, dynamisk }) => ({
        type: dataafgraensningstype,
        values: vaerdier ?? [],
        isDynamic: dynamisk === true,
      })),
  }));

const carriesOf = (
  items: readonly { readonly dataafgraensningstype: string; readonly kraevet?: boolean | null }[],
): Carries[] =>
  items.map(({ dataafgraensningstype, kraevet }) => ({
    type: dataafgraensningstype,
    isRequired: kraevet === true,
  }));
