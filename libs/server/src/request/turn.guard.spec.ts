import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Module,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Turns } from '@stoettesystemer/access';
import type { Refusal } from '@stoettesystemer/object';
import type { FastifyReply } from 'fastify';
import { Route } from './route';
import { TurnGuard } from './turn.guard';

/** Searches that have begun, each with the way to end it. */
const underWay: (() => void)[] = [];

@Controller()
class SearchController {
  @Get('soeg')
  @Route({ searches: true })
  async search() {
    await new Promise<void>((end) => underWay.push(end));
    return {};
  }
  @Get('laes')
  @Route()
  read() {
    return {};
  }
}
@Module({ controllers: [SearchController] })
class App {}

class Somebody implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<{ user: object }>().user = { system: 'a', owner: '12345678' };
    return true;
  }
}
@Catch()
class Refusals implements ExceptionFilter {
  catch({ status, headers }: Refusal, host: ArgumentsHost): void {
    void host.switchToHttp().getResponse<FastifyReply>().status(status).headers(headers).send({});
  }
}

let app: NestFastifyApplication;
let address: string;
beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false });
  app.useGlobalGuards(new Somebody(), new TurnGuard(new Turns(2)));
  app.useGlobalFilters(new Refusals());
  await app.listen(0, '127.0.0.1');
  address = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(() => app.close());

const get = async (path: string): Promise<number> => (await fetch(`${address}/${path}`)).status;
const begun = async (count: number): Promise<void> => {
  while (underWay.length < count) await new Promise((go) => setTimeout(go, 5));
};

test('O6: a search beyond those that may be under way is 429; what is no search is not held up', async () => {
  const both = [get('soeg'), get('soeg')];
  await begun(2);
  expect([await get('soeg'), await get('laes')]).toEqual([429, 200]);
  underWay.shift()?.();
  expect(await Promise.race(both)).toBe(200);
  const third = get('soeg');
  await begun(2);
  for (const end of underWay.splice(0)) end();
  expect(await Promise.all([...both, third])).toEqual([200, 200, 200]);
});

test('O6: who hangs up gives the turn back', async () => {
  const gone = [1, 2].map(() => {
    const asked = request(`${address}/soeg`);
    asked.on('error', () => undefined).end();
    return asked;
  });
  await begun(2);
  expect(await get('soeg')).toBe(429);
  for (const each of gone) each.destroy();
  const before = underWay.length;
  const another = begun(before + 1);
  let last: Promise<number> | undefined;
  // The server hears of it a moment later.
  while (underWay.length === before) {
    last = get('soeg');
    await Promise.race([last, another]);
  }
  for (const end of underWay.splice(0)) end();
  expect(await last).toBe(200);
});
