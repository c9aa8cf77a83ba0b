import { Validator } from '@seriousme/openapi-schema-validator';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Route } from '../request/route';
import { Boeje, Skib, TYPES } from '../spec/made-up';
import { running } from '../spec/running';
import { conformance } from './conformance';
import { openApi } from './open-api';
import { operation } from './operation';

const document = openApi({ service: 'havn', title: 'Havn' }, TYPES);

test('is OpenAPI 3.1', async () => {
  const found = await new Validator().validate(structuredClone(document));
  expect(found.errors ?? []).toEqual([]);
  expect(found.valid).toBe(true);
});

test('every reference leads somewhere, and every operation has an id of its own', () => {
  const refs = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
  for (const [, path = ''] of refs) {
    const found = path
      .split('/')
      .reduce<unknown>((held, step) => (held as Record<string, unknown> | undefined)?.[step], document);
    expect([path, found]).toEqual([path, expect.anything()]);
  }
  const ids = [...JSON.stringify(document.paths).matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a field that is told of persons is no parameter, and is marked', () => {
  const names = (
    document.paths['/havn/v1/skibe'] as { get: { parameters: { name?: string }[] } }
  ).get.parameters.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['titel', 'fart', 'havn', 'tekst']));
  expect(names.filter((name) => name?.startsWith('mandskab'))).toEqual([]);
  expect(JSON.stringify(document.components['schemas'])).toContain('"x-personoplysning":true');
});

test('says of every route there is, and of no other', async () => {
  @Controller('v1/farvand')
  class WatersController {
    @Get()
    @Route({ open: true })
    all(@Res() reply: FastifyReply) {
      void reply.send({ data: [] });
    }
  }
  class WatersModule {}
  const modules = [{ module: WatersModule, controllers: [WatersController] }];
  const answers = [
    { status: 200, description: 'Farvandene.', content: { 'application/json': { type: 'object' } } },
  ];
  const farvand = {
    get: operation({ id: 'farvand', tag: 'Farvand', summary: 'Farvande', open: true, answers }),
  };
  const service = await running({ modules, additions: { paths: { '/havn/v1/farvand': farvand } } });
  try {
    const { routes, document: whole } = service.service;
    const there = routes
      .filter((route) => !/^(HEAD|OPTIONS) /.test(route))
      .map((route) => route.replaceAll(/:([a-z]+)/g, '{$1}'));
    const told = Object.entries(whole.paths).flatMap(([path, item]) =>
      Object.keys(item as object)
        .filter((key) => key !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(there.sort()).toEqual(told.sort());
    expect((await service.send('/havn/v1/farvand', { token: null })).json).toEqual({ data: [] });
    expect((await service.send('/havn/openapi.json')).json).toEqual(JSON.parse(JSON.stringify(whole)));
  } finally {
    await service.close();
  }
});

describe('conformance', () => {
  const answer = {
    method: 'GET',
    path: '/havn/v1/boejer?limit=1',
    status: 200,
    headers: { 'content-type': 'application/json' },
  };
  const object = {
    uuid: '6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d',
    objekttype: 'Boeje',
    ejer: '12345678',
    registrering: { nummer: 1, fra: '2026-01-01T00:00:00Z', til: null, livscyklus: 'Opstaaet' },
    attributter: { egenskaber: [{ virkning: { fra: '2026-01-01T00:00:00Z', til: null }, nummer: '7' }] },
    tilstande: {},
    relationer: {},
  };
  const page = (over: object) => JSON.stringify({ data: [{ ...object, ...over }], naeste: null });

  test('finds what is missing, too much, of another kind, or not foreseen', async () => {
    const judge = await conformance(openApi({ service: 'havn', title: 'Havn' }, [Boeje, Skib]));
    expect(judge({ ...answer, body: page({}) })).toEqual([]);
    expect(judge({ ...answer, body: page({ ejer: undefined }) })).not.toEqual([]);
    expect(judge({ ...answer, body: page({ farve: 'rød' }) })).not.toEqual([]);
    expect(judge({ ...answer, body: page({ ejer: 12345678 }) })).not.toEqual([]);
    expect(judge({ ...answer, body: page({ uuid: 'x' }) })).not.toEqual([]);
    expect(judge({ ...answer, body: '{}', status: 418 })).toEqual([
      'GET /havn/v1/boejer does not answer 418',
    ]);
    expect(judge({ ...answer, body: '{}', path: '/havn/v1/ubaade' })).toEqual([
      'GET /havn/v1/ubaade is not in the document',
    ]);
    expect(judge({ ...answer, body: 'x', headers: { 'content-type': 'text/html' } })).not.toEqual([]);
  });
});
