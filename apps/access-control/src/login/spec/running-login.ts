import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { type ObjectInput, ObjectStore } from '@stoettesystemer/engine';
import {
  accessControlTypes,
  Delegation,
  Foederationsaftale,
  ItSystem,
  Jobfunktionsrolle,
} from '@stoettesystemer/model';
import { type Declaration, Refusal } from '@stoettesystemer/object';
import type { Database } from '@stoettesystemer/postgres';
import { createService, Metrics, openLog, openPort, settingsFrom } from '@stoettesystemer/server';
import { testDatabase } from '@stoettesystemer/testing';
import { internalCaller } from '../../internal-caller';
import { accessControlMigrations } from '../../migrations';
import { testIdpPair } from '../../test-idp/test-idp';
import { TEST_JOB_FUNCTIONS } from '../../test-idp/test-employees';
import { testIdpSystem } from '../../test-idp/test-idp-system';
import { Interactions, type PendingLogin } from '../../token-service/interactions';
import type { LoggedIn } from '../../token-service/login-register';
import { LoginModule } from '../login.module';
import type { SigningPair } from '../signing-pair';

export const TOWN = '12345678';
export const OTHER = '87654321';
/** Where the token service sends a browser that is logged in. */
export const BACK = 'https://fagsystem.test/tilbage';
export const SYSTEM = '5e000000-0000-4000-8000-000000000001';

const virkning = { fra: '2020-01-01T00:00:00Z' };

/** The token service's side of a login: a cookie `login=<uid>`, and who came of it. */
class MadeUpInteractions {
  readonly finished: LoggedIn[] = [];
  readonly pending = new Map<string, PendingLogin>();

  details({ headers }: { headers: { cookie?: string } }): Promise<PendingLogin> {
    const found = this.pending.get(/login=([\w-]+)/.exec(headers.cookie ?? '')?.[1] ?? '');
    return found
      ? Promise.resolve(found)
      : Promise.reject(new Refusal(400, 'login_udloebet', 'Intet login.'));
  }

  finish(_request: unknown, _response: unknown, { user }: { user: LoggedIn }): Promise<string> {
    this.finished.push(user);
    return Promise.resolve(BACK);
  }
}

export interface RunningLogin {
  readonly url: string;
  readonly dataDir: string;
  readonly database: Database;
  readonly interactions: MadeUpInteractions;
  /** Of the built-in IdPs. */
  readonly pair: SigningPair;
  /** UUIDs of the registered IdPs. */
  readonly idps: { readonly saml: string; readonly oidc: string; readonly other: string };
  /** Reasons in the log, oldest first. */
  readonly reasons: string[];
  profile: 'udvikling' | 'produktion';
  create(owner: string, type: Declaration, input: ObjectInput): Promise<string>;
  change(owner: string, type: Declaration, uuid: string, input: ObjectInput): Promise<void>;
  /** Answers that wait for their browsers, and registrations. */
  stored(): Promise<unknown>;
  close(): Promise<void>;
}

export const federation = (idp: string, rest: ObjectInput['relationer'] = {}): ObjectInput => ({
  attributter: { egenskaber: [{ virkning, navn: 'Prøve' }] },
  tilstande: { status: [{ virkning, vaerdi: 'Aktiv' }] },
  relationer: { identityProvider: [{ virkning, reference: { uuid: idp } }], ...rest },
});

export const jobFunction = (entityId: string, rest: ObjectInput['attributter'] = {}): ObjectInput => ({
  attributter: { egenskaber: [{ virkning, navn: entityId, entityId }], ...rest },
});

export const delegation = (role: string, receiver: string, status: string): ObjectInput => ({
  attributter: { egenskaber: [{ virkning, modtagerCvr: receiver }] },
  tilstande: { status: [{ virkning, vaerdi: status }] },
  relationer: { jobfunktionsrolle: [{ virkning, reference: { uuid: role } }] },
});

/** Logins on a database and a port of their own, with the built-in IdPs registered and a made-up token service. */
export async function runningLogin(): Promise<RunningLogin> {
  const db = await testDatabase({ service: 'adgangsstyring-login', migrate: async () => {} });
  const dataDir = mkdtempSync(join(tmpdir(), 'login-'));
  const interactions = new MadeUpInteractions();
  const reasons: string[] = [];
  const log = openLog('warn', {
    write: (line) => {
      const { reason } = JSON.parse(line) as { reason?: string };
      if (reason !== undefined) reasons.push(reason);
    },
  });
  let url = '';
  let profile: RunningLogin['profile'] = 'udvikling';
  const settings = {
    ...settingsFrom({ DATA_DIR: dataDir, PORT: '0' }),
    // The port is not known before the service is made.
    get externalUrl() {
      return url;
    },
    get profile() {
      return profile;
    },
  };

  @Module({
    providers: [{ provide: Interactions, useValue: interactions }],
    exports: [Interactions],
  })
  class MadeUpTokenService {}

  const service = await createService(
    {
      name: 'access-control',
      prefix: 'adgangsstyring',
      types: accessControlTypes,
      migrations: accessControlMigrations,
      modules: [{ module: MadeUpTokenService, global: true }, LoginModule],
    },
    { settings, databaseUrl: db.url, log, metrics: new Metrics() },
  );
  const port = await openPort([service], 0);
  url = `http://localhost:${port.port}`;
  const store = service.app.get(ObjectStore);
  const ask = (owner: string) => ({ caller: internalCaller(owner), transaction: randomUUID() });
  const create: RunningLogin['create'] = async (owner, type, input) =>
    (await store.create(ask(owner), type, input)).uuid;

  const pair = await testIdpPair(dataDir);
  const facts = { externalUrl: url, certificate: pair.certificate, from: virkning.fra };
  const idpOf = (home: typeof TOWN | typeof OTHER, protocol: 'Saml' | 'Oidc') =>
    create(COMMON_OWNER, ItSystem, testIdpSystem({ ...facts, home, protocol }));
  const idps = {
    saml: await idpOf(TOWN, 'Saml'),
    oidc: await idpOf(TOWN, 'Oidc'),
    other: await idpOf(OTHER, 'Saml'),
  };
  await create(TOWN, Foederationsaftale, federation(idps.saml));
  await create(TOWN, Foederationsaftale, federation(idps.oidc));
  await create(OTHER, Foederationsaftale, federation(idps.other));
  const guard = await create(TOWN, Jobfunktionsrolle, jobFunction(TEST_JOB_FUNCTIONS.vagt));
  await create(TOWN, Delegation, delegation(guard, OTHER, 'Accepteret'));
  await create(
    TOWN,
    Jobfunktionsrolle,
    jobFunction(TEST_JOB_FUNCTIONS.enhed, {
      rolle: [{ virkning, id: 'r', brugersystemrolle: randomUUID() }],
      afgraensning: [
        {
          virkning,
          id: 'enhed',
          rolleId: 'r',
          dataafgraensningstype: 'http://sts.kombit.dk/constraints/orgenhed/1',
          dynamisk: true,
        },
      ],
    }),
  );

  return {
    url,
    dataDir,
    database: db.database,
    interactions,
    pair,
    idps,
    reasons,
    get profile() {
      return profile;
    },
    set profile(value) {
      profile = value;
    },
    create,
    change: async (owner, type, uuid, input) => {
      const { number } = await store.read(ask(owner), type, uuid, { virkning: 'alle', registrering: 'nu' });
      await store.patch(ask(owner), type, uuid, input, number);
    },
    stored: async () => {
      const { rows } = await db.database.run(
        { owner: TOWN },
        {
          name: 'spec-login-stored',
          text: `select (select count(*)::int from login_step where kind = 'svaret') as answers,
            (select count(*)::int from registration) as registrations`,
        },
      );
      return { ...rows[0], finished: interactions.finished.length };
    },
    close: async () => {
      await port.close();
      await db.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
