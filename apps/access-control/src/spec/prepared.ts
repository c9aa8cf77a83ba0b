import { randomUUID } from 'node:crypto';
import type { Body, Item, RunningService } from '@stoettesystemer/testing';
import { CERTIFICATE, CERTIFICATE_ENDS, CERTIFIED_JWK } from './certificate';
import {
  always,
  COMMON,
  FROM,
  held,
  made,
  pointing,
  roleBody,
  systemBody,
  Town,
  userRoleBody,
  vendorIn,
} from './town';

const END = '2999-01-01T00:00:00Z';

/** Generated bodies made into ones that the rules take. */
type Prepare = (service: RunningService, body: Body) => Promise<void> | void;

const METADATA =
  '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://eksempel.dk"/>';

const each = (body: Body, facet: string, change: (item: Item, at: number) => void): void =>
  (body.attributter[facet] ?? []).forEach(change);
/** A name and an organisation of its own, which never changes. */
const named = (body: Body): void =>
  each(body, 'egenskaber', (item) =>
    Object.assign(item, { entityId: `http://eksempel.dk/${randomUUID()}`, organisationCvr: COMMON }),
  );

const ItSystem: Prepare = (_, body) => {
  named(body);
  each(body, 'egenskaber', (item) => Object.assign(item, { vilkaarAccepteret: true }));
  const types = ['Anvendersystem', 'Serviceudbyder', 'BrugervendtSystem', 'IdentityProvider'];
  body.attributter['systemtype'] = types.map((navn) => ({ virkning: always(), navn }));
  each(body, 'noegle', (item) =>
    Object.assign(item, {
      brug: 'Token',
      jwk: CERTIFIED_JWK,
      certifikat: CERTIFICATE,
      udloeber: CERTIFICATE_ENDS,
    }),
  );
  each(body, 'brugervendt', (item) =>
    Object.assign(item, { omdirigering: [`https://eksempel.dk/${randomUUID()}`], metadata: METADATA }),
  );
  each(body, 'identityProvider', (item) =>
    Object.assign(item, { udsteder: `https://eksempel.dk/${randomUUID()}`, metadata: METADATA }),
  );
};

const Dataafgraensningstype: Prepare = (_, body) => {
  named(body);
  each(body, 'egenskaber', (item) =>
    Object.assign(item, { vaerditype: 'TEXT', regulaertUdtryk: '[a-z]{1,5}' }),
  );
};

const roles = new WeakMap<RunningService, Promise<{ system: string; type: string }>>();
async function catalogueOf(service: RunningService) {
  const vendor = vendorIn(service);
  const system = await made(vendor.post('it-systemer', systemBody()));
  const type = `http://eksempel.dk/${randomUUID()}`;
  const egenskaber = { navn: 'Frit', entityId: type, vaerditype: 'TEXT', organisationCvr: COMMON };
  const attributter = { egenskaber: [{ virkning: always(), ...egenskaber }] };
  await made(vendor.post('dataafgraensningstyper', { attributter }));
  return { system, type };
}

/** One role, restricted once: two restrictions of one role are never of one type. */
const Jobfunktionsrolle: Prepare = async (service, body) => {
  named(body);
  each(body, 'egenskaber', (item) => Reflect.deleteProperty(item, 'organisationCvr'));
  const known = roles.get(service) ?? catalogueOf(service);
  roles.set(service, known);
  const { system, type } = await known;
  const userRole = userRoleBody(system, [{ type }]);
  const uuid = await made(vendorIn(service).post('brugersystemroller', userRole));
  each(body, 'rolle', (item) => Object.assign(item, { brugersystemrolle: uuid }));
  const [role] = body.attributter['rolle'] ?? [];
  body.attributter['afgraensning'] = (body.attributter['afgraensning'] ?? []).slice(0, 1);
  each(body, 'afgraensning', (item) =>
    Object.assign(item, { rolleId: role!['id'], dataafgraensningstype: type, dynamisk: false }),
  );
};

const providers = new WeakMap<RunningService, Promise<string>>();
const Foederationsaftale: Prepare = async (service, body) => {
  const types = ['IdentityProvider', 'BrugervendtSystem'];
  const known = providers.get(service) ?? made(vendorIn(service).post('it-systemer', systemBody({ types })));
  providers.set(service, known);
  const system = await known;
  body.relationer['identityProvider'] = pointing(system) as Item[];
  body.relationer['brugervendtSystem'] = pointing(system) as Item[];
};

const delegated = new WeakMap<RunningService, Promise<string>>();
async function delegatedRole(service: RunningService): Promise<string> {
  const vendor = vendorIn(service);
  const system = await made(vendor.post('it-systemer', systemBody()));
  const userRole = await made(vendor.post('brugersystemroller', userRoleBody(system)));
  return made(new Town(service).post('jobfunktionsroller', roleBody(userRole)));
}

const Delegation: Prepare = async (service, body) => {
  const known = delegated.get(service) ?? delegatedRole(service);
  delegated.set(service, known);
  const role = await known;
  each(body, 'egenskaber', (item) => Object.assign(item, { modtagerCvr: '87654321' }));
  body.relationer['jobfunktionsrolle'] = pointing(role) as Item[];
  body.tilstande['status'] = [{ virkning: always(), vaerdi: 'Anmodet' }];
};

const agreeable = new WeakMap<RunningService, ReturnType<typeof servicesOf>>();
async function servicesOf(service: RunningService) {
  const vendor = vendorIn(service);
  const named = () => ({
    entityId: `http://eksempel.dk/${randomUUID()}`,
    organisationCvr: COMMON,
    navn: 'En',
  });
  const system = await made(vendor.post('it-systemer', systemBody({ types: ['Anvendersystem'] })));
  const offered = await made(vendor.post('services', { attributter: { egenskaber: held(named()) } }));
  const type = named();
  const egenskaber = held({ ...type, vaerditype: 'TEXT' });
  await made(vendor.post('dataafgraensningstyper', { attributter: { egenskaber } }));
  const role = () =>
    made(
      vendor.post('servicesystemroller', {
        attributter: {
          egenskaber: held(named()),
          dataafgraensning: held({ dataafgraensningstype: type.entityId }),
        },
        relationer: { service: pointing(offered) },
      }),
    );
  return { system, offered, type: type.entityId, role };
}

/** A draft: it asks, and gives nothing yet. */
const Serviceaftale: Prepare = async (service, body) => {
  const known = agreeable.get(service) ?? servicesOf(service);
  agreeable.set(service, known);
  const { system, offered, type, role } = await known;
  const uuid = await role();
  each(body, 'egenskaber', (item) =>
    Object.assign(item, { leverandoerCvr: COMMON, aftaletype: 'Produktion' }),
  );
  each(body, 'anmodning', (item) => Object.assign(item, { version: 1, gyldigFra: FROM, gyldigTil: END }));
  each(body, 'anmodetRolle', (item) => Object.assign(item, { servicesystemrolle: uuid }));
  // The last: the first is ended in a test, and what is restricted is there.
  const asked = (body.attributter['anmodetRolle'] ?? []).at(-1);
  body.attributter['anmodetAfgraensning'] = (body.attributter['anmodetAfgraensning'] ?? []).slice(0, 1);
  each(body, 'anmodetAfgraensning', (item) =>
    Object.assign(item, { rolleId: asked!['id'], dataafgraensningstype: type }),
  );
  body.relationer['anvendersystem'] = pointing(system) as Item[];
  body.relationer['service'] = pointing(offered) as Item[];
  body.tilstande['status'] = [{ virkning: always(), vaerdi: 'Kladde' }];
};

/** What the generated bodies of each type need, and what is tied down in them. */
export const PREPARED: Readonly<
  Record<string, { prepare?: Prepare; bound?: readonly string[]; without?: readonly string[] }>
> = {
  ItSystem: { prepare: ItSystem, bound: ['systemtype'] },
  Service: { prepare: (_, body) => named(body) },
  Servicesystemrolle: { prepare: (_, body) => named(body) },
  Brugersystemrolle: { prepare: (_, body) => named(body) },
  Dataafgraensningstype: { prepare: Dataafgraensningstype },
  Jobfunktionsrolle: { prepare: Jobfunktionsrolle },
  Serviceaftale: {
    prepare: Serviceaftale,
    bound: ['status', 'anvendersystem', 'service'],
    without: ['rolle', 'afgraensning', 'egenskaber.version'],
  },
  Foederationsaftale: { prepare: Foederationsaftale, bound: ['identityProvider', 'brugervendtSystem'] },
  Delegation: { prepare: Delegation, bound: ['jobfunktionsrolle', 'status'] },
};
