import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Module,
  Req,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Declaration, define, Refusal } from '@stoettesystemer/object';
import type { FastifyReply } from 'fastify';
import passport from 'passport';
import type { Caller } from '../caller';
import { DevelopmentIssuer } from '../development/development-issuer';
import { DEVELOPMENT_ISSUER } from '../development/name';
import { developmentKeysFile } from '../development/signing-key';
import { AccessTokenStrategy, strategyName } from './access-token.strategy';
import { DenyList } from './deny-list';
import { KeySource } from './key-source';
import { TokenVerifier } from './token-verifier';

const typeNamed = (name: string): Declaration =>
  define({
    name,
    path: name.toLowerCase(),
    doc: 'Til test.',
    deletion: 'logical',
    attributes: {},
    states: {},
    relations: {},
  });
const services = { klassifikation: [typeNamed('Klasse')], organisation: [typeNamed('Person')] };

@Catch(Refusal)
class Problems implements ExceptionFilter {
  catch({ status, kode, headers }: Refusal, host: ArgumentsHost): void {
    void host.switchToHttp().getResponse<FastifyReply>().status(status).headers(headers).send({ kode });
  }
}
@Controller()
class WhoController {
  @Get('klassifikation')
  @UseGuards(AuthGuard(strategyName('klassifikation')))
  first(@Req() { user }: { user: Caller }): Caller {
    return user;
  }
  @Get('organisation')
  @UseGuards(AuthGuard(strategyName('organisation')))
  second(@Req() { user }: { user: Caller }): Caller {
    return user;
  }
}
@Module({ controllers: [WhoController] })
class App {}

let app: NestFastifyApplication;
let keys: KeySource;
let issuer: DevelopmentIssuer;
let address: string;

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'adgang-'));
  issuer = await DevelopmentIssuer.open({ profile: 'udvikling', directory, services });
  keys = await KeySource.open({ from: developmentKeysFile(directory) });
  for (const [service, types] of Object.entries(services))
    passport.use(
      new AccessTokenStrategy(
        service,
        new TokenVerifier({
          profile: 'udvikling',
          issuer: DEVELOPMENT_ISSUER,
          service,
          types,
          keys: keys.find,
          revoked: new DenyList(),
          proofs: { claim: () => Promise.resolve(false) },
          externalUrl: '',
        }),
      ),
    );
  app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false });
  app.useGlobalFilters(new Problems());
  await app.listen(0, '127.0.0.1');
  address = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(async () => {
  await app.close();
  keys.close();
});

const ask = (service: string, token?: string) =>
  fetch(`${address}/${service}`, token ? { headers: { authorization: `Bearer ${token}` } } : {});

it('hands the caller on', async () => {
  const answer = await ask(
    'klassifikation',
    await issuer.issue({ system: 'demo-fagsystem', service: 'klassifikation', cvr: '12345678' }),
  );
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ service: 'klassifikation', owner: '12345678' });
});

it('keeps two services of one process apart', async () => {
  const token = await issuer.issue({ system: 'demo-fagsystem', service: 'organisation', cvr: '12345678' });
  expect([(await ask('organisation', token)).status, (await ask('klassifikation', token)).status]).toEqual([
    200, 401,
  ]);
});

it("answers a refusal and not passport's own 401", async () => {
  const answer = await ask('klassifikation');
  expect([answer.status, await answer.json()]).toEqual([401, { kode: 'token' }]);
  expect(answer.headers.get('www-authenticate')).toBe(
    'Bearer realm="stoettesystemerne", error="invalid_token"',
  );
});
