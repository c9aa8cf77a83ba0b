import { COMMON_OWNER, type ConstraintName } from '@stoettesystemer/access';
import type { ObjectStore } from '@stoettesystemer/engine';
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
import type { Instant, Reference } from '@stoettesystemer/object';
import { agreementOf, jobFunctionRoleOf, serviceRoleOf, systemOf, userRoleOf } from './known-objects';
import type { Knowledge, KnownJobFunction } from './knowledge';
import { Moment } from './moment';
import type { AskingUser, Question, SaidJobFunction } from './question';
import { Registry } from './registry';

/** A search finds what once held too. */
const pointsAt = (item: { readonly reference: Reference } | null, uuid: string | undefined): boolean =>
  item !== null && 'uuid' in item.reference && item.reference.uuid === uuid;

/** Reads what is registered about a question, as known at a registration time (null: now). */
export class Gatherer {
  private readonly registry: Registry;

  constructor(
    store: ObjectStore,
    private readonly allowsTest: boolean,
    known: Instant | null = null,
  ) {
    this.registry = new Registry(store, known);
  }

  async gather({ system, service, owner, at, user }: Question): Promise<Knowledge> {
    const moment = new Moment(at);
    const [registeredSystem, services, agreements] = await Promise.all([
      this.registry.read(COMMON_OWNER, ItSystem, system),
      this.registry.search(COMMON_OWNER, Service, { felt: 'entityId', lig: service }),
      this.registry.search(owner, Serviceaftale, { felt: 'anvendersystem', lig: { uuid: system } }),
    ]);
    const registeredService = services.find(
      ({ attributter }) => moment.one(attributter?.egenskaber)?.entityId === service,
    );
    const serviceRoles = registeredService
      ? await this.registry.search(COMMON_OWNER, Servicesystemrolle, {
          felt: 'service',
          lig: { uuid: registeredService.uuid },
        })
      : [];
    const jobFunctions = user ? await this.jobFunctionsOf(user, moment) : [];
    const userRoleIds = jobFunctions.flatMap(({ role }) => role?.given.map((given) => given.role) ?? []);
    const [userRoles, isFederated] = await Promise.all([
      this.registry.readMany(COMMON_OWNER, Brugersystemrolle, userRoleIds),
      user ? this.isFederated(user, moment) : false,
    ]);
    const known = agreements
      .filter(({ relationer }) => pointsAt(moment.one(relationer?.anvendersystem), system))
      .flatMap((each) => agreementOf(each, moment));
    const roles = serviceRoles
      .filter(({ relationer }) => pointsAt(moment.one(relationer?.service), registeredService?.uuid))
      .map((each) => serviceRoleOf(each, moment));
    const people = userRoles.map((each) => userRoleOf(each, moment));
    const given = [
      ...known.flatMap((each) => each.given),
      ...jobFunctions.flatMap(({ role }) => role?.given ?? []),
    ];
    const types = new Set([
      ...given.flatMap(({ limits }) => limits.map(({ type }) => type)),
      ...roles.flatMap(({ keptTo, carries }) => [...keptTo, ...carries].map(({ type }) => type)),
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
    const agreements = await this.registry.search(home, Foederationsaftale, {
      felt: 'identityProvider',
      lig: { uuid: idp },
    });
    return agreements.some(
      ({ ejer, tilstande, relationer }) =>
        ejer === home &&
        pointsAt(moment.one(relationer?.identityProvider), idp) &&
        moment.one(tilstande?.status)?.vaerdi === 'Aktiv',
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
    const roles = await this.registry.search(scope, Jobfunktionsrolle, { felt: 'entityId', lig: entityId });
    const role = roles.find(
      (each) => each.ejer === scope && moment.one(each.attributter?.egenskaber)?.entityId === entityId,
    );
    const isForeign = scope !== home;
    const delegation = role && isForeign ? await this.delegationOf(scope, role.uuid, home, moment) : null;
    return {
      said,
      role: role ? jobFunctionRoleOf(role, moment) : null,
      delegation: isForeign ? (delegation ?? { uuid: null, isAccepted: false }) : null,
    };
  }

  private async delegationOf(owner: string, role: string, receiver: string, moment: Moment) {
    const found = await this.registry.search(owner, Delegation, {
      felt: 'jobfunktionsrolle',
      lig: { uuid: role },
    });
    const mine = found
      .filter(
        (each) =>
          each.ejer === owner &&
          pointsAt(moment.one(each.relationer?.jobfunktionsrolle), role) &&
          moment.one(each.attributter?.egenskaber)?.modtagerCvr === receiver,
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
  ): Promise<Record<string, ConstraintName | null>> {
    if (entityIds.length === 0) return {};
    const types = await this.registry.search(COMMON_OWNER, Dataafgraensningstype, {
      felt: 'entityId',
      iblandt: entityIds,
    });
    const properties = types.flatMap((each) => moment.one(each.attributter?.egenskaber) ?? []);
    return Object.fromEntries(properties.map(({ entityId, dimension }) => [entityId, dimension ?? null]));
  }
}
