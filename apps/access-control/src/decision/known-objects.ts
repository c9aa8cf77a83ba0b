import { COMMON_OWNER } from '@stoettesystemer/access';
import type {
  Brugersystemrolle,
  ItSystem,
  Jobfunktionsrolle,
  Serviceaftale,
  Servicesystemrolle,
} from '@stoettesystemer/model';
import { parseInstant, type Reference } from '@stoettesystemer/object';
import type {
  Carries,
  Given,
  KnownAgreement,
  KnownJobFunction,
  KnownServiceRole,
  KnownSystem,
  KnownUserRole,
} from './knowledge';
import type { Moment } from './moment';
import type { Registered } from './registry';

const uuidOf = (reference: Reference | undefined): string | null =>
  reference && 'uuid' in reference ? reference.uuid : null;

export function serviceRoleOf(
  { uuid, ejer, attributter, relationer }: Registered<typeof Servicesystemrolle>,
  moment: Moment,
): KnownServiceRole {
  const properties = moment.one(attributter?.egenskaber);
  return {
    uuid,
    navn: properties?.navn ?? '',
    service: uuidOf(moment.one(relationer?.service)?.reference) ?? '',
    privileges: properties?.privilegier ?? [],
    isCrossing: ejer === COMMON_OWNER && properties?.tvaergaaende === true,
    carries: carriesOf(moment.of(attributter?.dataafgraensning)),
    keptTo: moment.of(attributter?.fastAfgraensning).map(({ dataafgraensningstype: type, kilde }) => ({
      type,
      to: kilde === 'Anvendersystem' ? 'system' : 'organisation',
    })),
  };
}

export function userRoleOf(
  { uuid, attributter, relationer }: Registered<typeof Brugersystemrolle>,
  moment: Moment,
): KnownUserRole {
  const properties = moment.one(attributter?.egenskaber);
  return {
    uuid,
    navn: properties?.navn ?? '',
    system: uuidOf(moment.one(relationer?.brugervendtSystem)?.reference) ?? '',
    services: moment.of(relationer?.service).flatMap(({ reference }) => uuidOf(reference) ?? []),
    privileges: properties?.privilegier ?? [],
    level: properties?.nsisNiveau ?? 'Substantial',
    carries: carriesOf(moment.of(attributter?.dataafgraensning)),
  };
}

export function jobFunctionRoleOf(
  { uuid, attributter, tilstande }: Registered<typeof Jobfunktionsrolle>,
  moment: Moment,
): NonNullable<KnownJobFunction['role']> {
  const status = moment.one(tilstande?.godkendelse)?.vaerdi;
  return {
    uuid,
    navn: moment.one(attributter?.egenskaber)?.navn ?? '',
    isApproved: status === undefined || status === 'Godkendt',
    given: givenOf(
      moment.of(attributter?.rolle).map(({ id, brugersystemrolle }) => ({ id, role: brugersystemrolle })),
      moment.of(attributter?.afgraensning),
    ),
  };
}

export function systemOf(
  { uuid, attributter, tilstande }: Registered<typeof ItSystem>,
  moment: Moment,
): KnownSystem | null {
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

export function agreementOf(
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
