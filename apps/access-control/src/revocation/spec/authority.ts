import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import {
  DEVELOPMENT_ISSUER,
  DevelopmentIssuer,
  developmentKeysFile,
  REVOCATIONS_AUDIENCE,
  type RevocationNews,
} from '@stoettesystemer/access';
import { accessControlTypes } from '@stoettesystemer/model';
import { runningApp, type RunningService, Ting } from '@stoettesystemer/testing';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { accessControlMigrations } from '../../migrations';
import { SigningKeys } from '../../token-service/signing-keys';
import { revocationAdditions } from '../open-api';
import { RevocationModule } from '../revocation.module';

export const COMMON = '19435075';
const NOW = '2020-01-01T00:00:00Z';
const OTHER = 'proeve';
type Items = Readonly<Record<string, readonly object[]>>;

/** Members of a body, each for all time. */
export const always = (members: object) => [{ virkning: { fra: NOW }, ...members }];
export const state = (name: string, vaerdi: string) => ({ tilstande: { [name]: always({ vaerdi }) } });
const pointing = (uuid: string) => always({ reference: { uuid } });

/**
 * Adgangsstyring as far as it tells what has been taken back, and a service that listens to it, each on its own port with
 * its own database. The rules of agreements are left out: here an agreement is written as it suits the test.
 */
export class Authority {
  private constructor(
    readonly service: RunningService,
    private readonly issuer: DevelopmentIssuer,
    private readonly keys: SigningKeys,
    private readonly folder: string,
  ) {}

  static async open(): Promise<Authority> {
    const folder = mkdtempSync(join(tmpdir(), 'tilbagekaldt-'));
    const issuer = await DevelopmentIssuer.open({
      profile: 'udvikling',
      directory: folder,
      services: { adgangsstyring: accessControlTypes, [OTHER]: [Ting] },
    });
    const keys = await SigningKeys.open({ directory: folder });

    @Global()
    @Module({ providers: [{ provide: SigningKeys, useValue: keys }], exports: [SigningKeys] })
    class Keys {}
    const tokenKeys = JSON.parse(readFileSync(developmentKeysFile(folder), 'utf8')) as JSONWebKeySet;
    const all = { keys: [...tokenKeys.keys, ...keys.publicJwks().keys] };
    writeFileSync(join(folder, 'alle.json'), JSON.stringify(all));
    const service = await runningApp(
      {
        name: 'access-control',
        prefix: 'adgangsstyring',
        types: accessControlTypes,
        migrations: accessControlMigrations,
        modules: [Keys, RevocationModule],
        additions: revocationAdditions,
      },
      settingsOf(folder),
    );
    return new Authority(service, issuer, keys, folder);
  }

  /** A service that hears from `address` what has been taken back; from this one when left out. */
  listener(address = `${this.service.url}/adgangsstyring`): Promise<RunningService> {
    return runningApp(
      { name: 'made-up', prefix: OTHER, types: [Ting] },
      { ...settingsOf(this.folder), ADGANGSSTYRING: address },
    );
  }

  /** A token that rests on these, for the service that listens. */
  token(over: JWTPayload = {}, seconds = 0): Promise<string> {
    const claims = this.issuer.claims({ system: 'demo-fagsystem', service: OTHER, cvr: '12345678' });
    const iat = Math.floor(Date.now() / 1000) + seconds;
    return this.issuer.sign({ ...claims, agr: randomUUID(), iat, exp: iat + 300, ...over });
  }

  /** A token for this service with exactly these privileges. */
  own(privileges: readonly string[], cvr = '12345678'): Promise<string> {
    const system = cvr === COMMON ? 'demo-faelles' : 'demo-fagsystem';
    const claims = this.issuer.claims({ system, service: 'adgangsstyring', cvr });
    const [group] = claims['authorization_details'] as object[];
    return this.issuer.sign({ ...claims, authorization_details: [{ ...group, privileges }] });
  }

  private async all(cvr: string): Promise<string> {
    const system = cvr === COMMON ? 'demo-faelles' : 'demo-fagsystem';
    return this.issuer.issue({ system, service: 'adgangsstyring', cvr });
  }

  async create(path: string, body: object, cvr = '12345678'): Promise<string> {
    const answer = await this.service.send('POST', `/adgangsstyring/v1/${path}`, {
      body,
      token: await this.all(cvr),
    });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return (JSON.parse(answer.text) as { uuid: string }).uuid;
  }

  /** Without a body: ends the object. */
  async change(path: string, uuid: string, number: number, body?: object, cvr = '12345678'): Promise<void> {
    const answer = await this.service.send(body ? 'PATCH' : 'DELETE', `/adgangsstyring/v1/${path}/${uuid}`, {
      body,
      token: await this.all(cvr),
      headers: { 'if-match': `"${number}"` },
    });
    if (answer.status >= 300) throw new Error(`${path}/${uuid}: ${answer.status} ${answer.text}`);
  }

  agreement(status = 'Aktiv', cvr = '12345678'): Promise<string> {
    const attributter: Items = {
      egenskaber: always({ navn: 'Aftale', formaal: 'Test', aftaletype: 'Test', leverandoerCvr: '87654321' }),
      rolle: always({ id: 'a', servicesystemrolle: randomUUID() }),
    };
    const relationer: Items = { anvendersystem: pointing(randomUUID()) };
    return this.create('serviceaftaler', { attributter, relationer, ...state('status', status) }, cvr);
  }

  system(over: Items = {}, cvr = COMMON): Promise<string> {
    const attributter: Items = {
      egenskaber: always({
        navn: 'System',
        organisationCvr: '87654321',
        rollepostkasse: 'drift@eksempel.dk',
        vilkaarAccepteret: true,
      }),
      ...over,
    };
    return this.create('it-systemer', { attributter }, cvr);
  }

  federation(idp: string, cvr: string): Promise<string> {
    return this.create(
      'foederationsaftaler',
      {
        attributter: { egenskaber: always({ navn: 'IdP' }) },
        relationer: { identityProvider: pointing(idp) },
        ...state('status', 'Aktiv'),
      },
      cvr,
    );
  }

  jobFunction(cvr = '12345678'): Promise<string> {
    const attributter: Items = {
      egenskaber: always({ navn: 'Sagsbehandler', entityId: `http://eksempel.dk/${randomUUID()}` }),
      rolle: always({ id: 'a', brugersystemrolle: randomUUID() }),
    };
    return this.create('jobfunktionsroller', { attributter }, cvr);
  }

  delegation(to: string, status: string, cvr: string): Promise<string> {
    return this.create(
      'delegationer',
      {
        attributter: { egenskaber: always({ modtagerCvr: to }) },
        relationer: { jobfunktionsrolle: pointing(randomUUID()) },
        ...state('status', status),
      },
      cvr,
    );
  }

  /** The document as a service hears it, after all that has been registered. */
  async news(query = ''): Promise<RevocationNews & JWTPayload> {
    const answer = await this.service.send('GET', `/adgangsstyring/tilbagekaldelser${query}`, {
      token: null,
      headers: { accept: 'application/jwt' },
    });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    const { payload } = await jwtVerify(answer.text, createLocalJWKSet(this.keys.publicJwks()), {
      issuer: DEVELOPMENT_ISSUER,
      audience: REVOCATIONS_AUDIENCE,
      typ: 'tilbagekaldelser+jwt',
    });
    return payload as RevocationNews & JWTPayload;
  }

  /** Waits until every event has its place in the feed. */
  async settled(): Promise<void> {
    for (;;) {
      const { rows } = await this.service.database.run(
        { owner: null, role: 'stoette_feed' },
        { name: 'spec-outbox', text: 'select count(*)::int as left from outbox' },
      );
      if (rows[0]?.['left'] === 0) return;
      await new Promise((go) => setTimeout(go, 10));
    }
  }

  async close(): Promise<void> {
    await this.service.close();
    this.keys.onModuleDestroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const settingsOf = (folder: string): Record<string, string> => ({
  UDSTEDER: DEVELOPMENT_ISSUER,
  UDSTEDER_NOEGLER: join(folder, 'alle.json'),
});
