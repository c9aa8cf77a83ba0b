import { randomUUID } from 'node:crypto';
import { Journal } from '@stoettesystemer/testing';
import { type Got, running, type Running, type Sent } from './spec/running';

/** What is somebody else's, over real HTTP: it must be answered as that which does not exist, to the byte. */
let service: Running;
beforeAll(async () => {
  service = await running({ prefix: 'proeve', types: [Journal] });
});
afterAll(() => service.close());

const PATH = '/proeve/v1/journaler';
const OWN = '12345678';
const OTHER = '87654321';
const [IKKE_FORTROLIG, FORTROLIG, FOELSOM] = [
  'IKKE_FORTROLIGE_DATA',
  'FORTROLIGE_PERSONOPLYSNINGER',
  'FOELSOMME_PERSONOPLYSNINGER',
];
const UNIT = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
const virkning = { fra: '2020-01-01T00:00:00Z' };

interface Content {
  readonly key?: string;
  readonly kle?: string;
  readonly level?: string;
  readonly unit?: string;
}
const bodyOf = ({ key = 'j', kle, level, unit }: Content) => ({
  attributter: {
    egenskaber: [{ virkning, brugervendtNoegle: key, titel: 'Sag', ...(level ? { foelsomhed: level } : {}) }],
  },
  relationer: {
    klasse: kle
      ? [{ virkning, rolle: 'Primaer', indeks: '1', reference: { uuid: UNIT }, brugervendtNoegle: kle }]
      : [],
    enhed: unit ? [{ virkning, reference: { uuid: unit } }] : [],
  },
});

type Constraints = Record<string, unknown>;
const ALL = { kle: '*', foelsomhed: '*', orgenhed: '*' };
/** A token of the demo system with one group for each set of restrictions. */
async function limited(...groups: Constraints[]): Promise<string> {
  const claims = service.issuer.claims({ system: 'demo-fagsystem', service: 'proeve', cvr: OWN });
  const [group] = claims['authorization_details'] as object[];
  const details = groups.map((constraints) => ({ ...group, constraints: { ...ALL, ...constraints } }));
  return service.issuer.sign({ ...claims, authorization_details: details });
}
const tokenOf = (cvr: string): Promise<string> =>
  service.token(cvr === '19435075' ? { system: 'demo-faelles', cvr } : { cvr });

const etag = (number: number) => ({ 'if-match': `"${number}"` });
async function made(content: Content, cvr = OWN): Promise<string> {
  const token = await tokenOf(cvr);
  const got = await service.send(PATH, { method: 'POST', body: bodyOf(content), token });
  expect(got.status).toBe(201);
  return (got.json as { uuid: string }).uuid;
}

/** All that an answer says but when it was given, and in which trace. */
const said = ({ status, headers, text }: Got) => {
  const { date: _date, 'x-transaktionstid': _time, traceparent: _trace, ...rest } = headers;
  return { status, headers: rest, text };
};

/** Every operation on one UUID that answers no more of a UUID that nobody has than that it is not there. */
const operations = (uuid: string): Record<string, Sent & { path: string; status?: number }> => {
  const one = `${PATH}/${uuid}`;
  const change = { attributter: { egenskaber: [{ virkning, titel: 'Ny' }] } };
  const line = JSON.stringify({ objekttype: 'Journal', uuid, attributter: {} });
  return {
    read: { path: one },
    'read of all virkning': { path: `${one}?virkning=alle` },
    'read as of another time': { path: `${one}?registreringstid=2030-01-01T00:00:00Z` },
    'read of what has changed': { path: one, headers: { 'if-none-match': '"1"' } },
    history: { path: `${one}/registreringer` },
    registration: { path: `${one}/registreringer/1` },
    patch: { path: one, method: 'PATCH', body: change, headers: etag(1) },
    'patch of a stale one': { path: one, method: 'PATCH', body: change, headers: etag(7) },
    'patch of no number': { path: one, method: 'PATCH', body: change },
    'patch of what breaks a rule': {
      path: one,
      method: 'PATCH',
      body: {
        attributter: {
          egenskaber: [
            { virkning, titel: 'a' },
            { virkning, titel: 'b' },
          ],
        },
      },
      headers: etag(1),
      status: 422,
    },
    passivate: { path: `${one}/passiver`, method: 'POST', headers: etag(1) },
    'passivate no number': { path: `${one}/passiver`, method: 'POST' },
    remove: { path: one, method: 'DELETE', headers: etag(1) },
    'remove no number': { path: one, method: 'DELETE' },
    'read many': { path: `${PATH}/laes`, method: 'POST', body: { uuid: [uuid] }, status: 200 },
    search: {
      path: `${PATH}/soegninger`,
      method: 'POST',
      body: { udtryk: { felt: 'uuid', lig: uuid }, antal: true },
      status: 200,
    },
    'search for all but it': {
      path: `${PATH}/soegninger`,
      method: 'POST',
      body: { udtryk: { ikke: { felt: 'uuid', lig: uuid } }, antal: true, vis: 'uuid' },
      status: 200,
    },
    'import of what breaks a rule': {
      path: '/proeve/v1/import',
      method: 'POST',
      body: line,
      headers: { 'content-type': 'application/x-ndjson' },
      status: 200,
    },
  };
};

describe("T23: what is not the caller's", () => {
  it.each([
    ["another municipality's", OTHER, {}],
    ["another municipality's, to a caller with limits", OTHER, { kle: ['27.*'] }],
    ['outside the data restrictions', OWN, { kle: ['27.*'] }],
    ['common, and outside the data restrictions', '19435075', { kle: ['27.*'] }],
  ])('%s, is answered like a UUID that nobody has, to the byte', async (_, cvr, constraints) => {
    const uuid = await made({ kle: '28.01.01', level: IKKE_FORTROLIG! }, cvr);
    const nobodys = randomUUID();
    const token = await limited(constraints);
    const owners = async () => said(await service.send(`${PATH}/${uuid}`, { token: await tokenOf(cvr) }));
    const before = { ...(await owners()).headers, 'x-transaktionsid': '' };
    for (const [name, { path, status = 404, ...sent }] of Object.entries(operations(uuid))) {
      if (cvr === OWN && name.startsWith('import')) continue;
      // With the same transaction nothing of the two answers may differ.
      const headers = { ...sent.headers, 'x-transaktionsid': randomUUID() };
      const theirs = said(await service.send(path, { ...sent, headers, token }));
      const other = operations(nobodys)[name]!;
      const none = said(await service.send(other.path, { ...other, headers, token }));
      // An import's answer names the UUID that it was sent.
      expect([name, { ...theirs, text: theirs.text.replaceAll(uuid, nobodys) }]).toEqual([name, none]);
      expect([name, theirs.status]).toEqual([name, status]);
      expect(
        service.faults(sent.method ?? 'GET', path, await service.send(path, { ...sent, token })),
      ).toEqual([]);
    }
    expect({ ...(await owners()).headers, 'x-transaktionsid': '' }).toEqual(before);
  });

  it('may be put under the same UUID by another municipality, which is told nothing and disturbs nothing', async () => {
    const uuid = await made({ kle: '27.18.02' }, OTHER);
    const put = async (path: string) =>
      service.send(path, { method: 'PUT', body: bodyOf({ key: 'min' }), token: await tokenOf(OWN) });
    const [theirs, nobodys] = [await put(`${PATH}/${uuid}`), await put(`${PATH}/${randomUUID()}`)];
    expect([theirs.status, theirs.headers.etag]).toEqual([201, '"1"']);
    expect([nobodys.status, nobodys.headers.etag]).toEqual([201, '"1"']);
    const read = async (cvr: string) => service.send(`${PATH}/${uuid}`, { token: await tokenOf(cvr) });
    expect((await read(OWN)).json).toMatchObject({ ejer: OWN, registrering: { nummer: 1 } });
    expect((await read(OTHER)).json).toMatchObject({ ejer: OTHER, registrering: { nummer: 1 } });
  });

  it('cannot be put over within the municipality, and the answer is that of a read', async () => {
    const uuid = await made({ kle: '28.01.01' });
    const token = await limited({ kle: ['27.*'] });
    const headers = { 'x-transaktionsid': randomUUID() };
    const put = (more: Sent['headers']) =>
      service.send(`${PATH}/${uuid}`, {
        method: 'PUT',
        body: bodyOf({ kle: '27.18.02' }),
        headers: { ...headers, ...more },
        token,
      });
    const read = await service.send(`${PATH}/${randomUUID()}`, { headers, token });
    for (const more of [{}, etag(1), etag(2), { 'if-none-match': '*' }]) {
      const got = await put(more);
      expect([got.status, got.text]).toEqual([404, read.text]);
    }
  });

  it('cannot be put over when it is common and hidden, and is not told of', async () => {
    const uuid = await made({ kle: '28.01.01' }, '19435075');
    const token = await limited({ kle: ['27.*'] });
    const headers = { 'x-transaktionsid': randomUUID() };
    const read = await service.send(`${PATH}/${randomUUID()}`, { headers, token });
    const body = bodyOf({ kle: '27.18.02' });
    const put = await service.send(`${PATH}/${uuid}`, { method: 'PUT', body, headers, token });
    expect([put.status, put.text]).toEqual([404, read.text]);
  });

  it('cannot be imported over when it is common and hidden, and is not told of', async () => {
    const uuid = await made({ kle: '28.01.01' }, '19435075');
    const token = await limited({ kle: ['27.*'] });
    const body = bodyOf({ kle: '27.18.02' });
    const line = JSON.stringify({ objekttype: 'Journal', uuid, ...body });
    const imported = await service.send('/proeve/v1/import?valider=kun', {
      method: 'POST',
      body: line,
      headers: { 'content-type': 'application/x-ndjson' },
      token,
    });
    expect(JSON.parse(imported.text.split('\n')[0]!)).toMatchObject({
      status: 404,
      fejl: [{ kode: 'findes_ikke' }],
    });
  });

  it('is in nobody else’s events', async () => {
    const theirs = await made({ kle: '27.18.02' }, OTHER);
    const hidden = await made({ kle: '28.01.01' });
    const seen = await made({ kle: '27.18.02', level: IKKE_FORTROLIG! });
    const token = await limited({ kle: ['27.*'] });
    const subjects: string[] = [];
    for (let path = '/proeve/v1/haendelser?efter=0'; !subjects.includes(seen);) {
      const got = await service.send(path, { token });
      subjects.push(...(got.json as { subject: string }[]).map(({ subject }) => subject));
      path = /<(.*)>/.exec(String(got.headers.link))![1]!;
    }
    expect(subjects).not.toContain(theirs);
    expect(subjects).not.toContain(hidden);
  });
});

describe("T25: another municipality's key", () => {
  it('is free, and neither counted nor found', async () => {
    const key = randomUUID();
    await made({ key }, OTHER);
    const find = async () =>
      (
        await service.send(`${PATH}/soegninger`, {
          method: 'POST',
          body: { udtryk: { felt: 'brugervendtNoegle', lig: key }, antal: true, vis: 'uuid' },
        })
      ).json;
    expect(await find()).toMatchObject({ data: [], antal: 0 });
    const uuid = await made({ key });
    expect(await find()).toMatchObject({ data: [uuid], antal: 1 });
  });
});

/** Whether the caller is shown it, in each of the ways to be shown one. */
async function shown(uuid: string, token: string): Promise<boolean[]> {
  const search = await service.send(`${PATH}/soegninger`, {
    method: 'POST',
    body: { udtryk: { felt: 'uuid', lig: uuid }, vis: 'uuid', antal: true },
    token,
  });
  const many = await service.send(`${PATH}/laes`, { method: 'POST', body: { uuid: [uuid] }, token });
  const found = search.json as { data: string[]; antal: number };
  return [
    (await service.send(`${PATH}/${uuid}`, { token })).status === 200,
    (await service.send(`${PATH}/${uuid}/registreringer`, { token })).status === 200,
    found.data.length === 1,
    found.antal === 1,
    many.text.includes(uuid),
  ];
}
const YES = [true, true, true, true, true];
const NO = [false, false, false, false, false];

describe('T26: 27.*', () => {
  it.each([
    ['27.18.02', YES],
    ['27.00.00', YES],
    ['28.01.01', NO],
    ['2.7', NO],
    ['270.1', NO],
    ['27', NO],
    ['27/18', NO],
    [undefined, NO],
  ])('and the KLE number %j', async (kle, expected) => {
    const uuid = await made({ ...(kle ? { kle } : {}), level: IKKE_FORTROLIG! });
    expect(await shown(uuid, await limited({ kle: ['27.*'] }))).toEqual(expected);
  });
});

describe('T27: two groups', () => {
  it('are not mixed', async () => {
    const token = await limited(
      { kle: ['27.*'], foelsomhed: FORTROLIG },
      { kle: ['32.30.*'], foelsomhed: IKKE_FORTROLIG },
    );
    const at = (kle: string, level = IKKE_FORTROLIG!) => made({ kle, level });
    expect(await shown(await at('32.30.04', FORTROLIG), token)).toEqual(NO);
    expect(await shown(await at('32.30.04'), token)).toEqual(YES);
    expect(await shown(await at('27.18.02', FORTROLIG), token)).toEqual(YES);
    expect(await shown(await at('27.18.02', FOELSOM), token)).toEqual(NO);
  });
});

describe("T30: what leaves the caller's reach", () => {
  const inside = { kle: '27.18.02', level: FORTROLIG!, unit: UNIT };
  const narrow = () => limited({ kle: ['27.*'], foelsomhed: FORTROLIG, orgenhed: [UNIT] });

  it.each([
    ['KLE', { ...inside, kle: '28.01.01' }],
    ['følsomhed', { ...inside, level: FOELSOM! }],
    ['unit', { ...inside, unit: 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb' }],
  ])('by its %s is refused to the narrow, and taken from them by the wide', async (_, outside) => {
    const uuid = await made(inside);
    const token = await narrow();
    const change = { method: 'PATCH', body: bodyOf(outside), headers: etag(1) };
    const refused = await service.send(`${PATH}/${uuid}`, { ...change, token });
    expect(refused).toMatchObject({ status: 403, json: { kode: 'dataafgraensning' } });
    expect(refused.text).not.toContain(outside.kle);
    expect(await shown(uuid, token)).toEqual(YES);
    expect((await service.send(`${PATH}/${uuid}`, change)).status).toBe(200);
    expect(await shown(uuid, token)).toEqual(NO);
  });

  it('cannot be made there either', async () => {
    const token = await narrow();
    const body = bodyOf({ ...inside, kle: '28.01.01' });
    const refused = { status: 403, json: { kode: 'dataafgraensning' } };
    expect(await service.send(PATH, { method: 'POST', body, token })).toMatchObject(refused);
    expect(await service.send(`${PATH}/${randomUUID()}`, { method: 'PUT', body, token })).toMatchObject(
      refused,
    );
  });
});

describe("T36: members that are the server's to say", () => {
  const members = [
    'cvr',
    'ejer',
    'id',
    'uuid',
    'registrering',
    'oprettetAf',
    'version',
    'objekttype',
    'scopes',
  ];

  it.each(members)('%s in a body is 400, whatever the operation, and nothing is done', async (member) => {
    const uuid = await made({});
    const value = member === 'ejer' || member === 'cvr' ? OTHER : 'x';
    const body = { ...bodyOf({ key: member }), [member]: value };
    const requests: [string, Sent][] = [
      [PATH, { method: 'POST', body }],
      [`${PATH}/${uuid}`, { method: 'PUT', body, headers: etag(1) }],
      [`${PATH}/${uuid}`, { method: 'PATCH', body, headers: etag(1) }],
      [
        `${PATH}/${uuid}/passiver`,
        { method: 'POST', body: { note: 'x', [member]: value }, headers: etag(1) },
      ],
      // Node sends a DELETE's body without saying how long it is, unless it is told.
      [
        `${PATH}/${uuid}`,
        {
          method: 'DELETE',
          body: { [member]: value },
          headers: { ...etag(1), 'content-length': `${JSON.stringify({ [member]: value }).length}` },
        },
      ],
      [`${PATH}/laes`, { method: 'POST', body: { uuid: [uuid], [`${member}2`]: value } }],
    ];
    for (const [path, sent] of requests) {
      const got = await service.send(path, sent);
      expect([sent.method, path, got.status]).toEqual([sent.method, path, 400]);
      expect(service.faults(sent.method!, path, got)).toEqual([]);
    }
    const left = await service.send(`${PATH}/${uuid}`);
    expect(left.json).toMatchObject({ ejer: OWN, registrering: { nummer: 1 } });
  });

  it.each(['virkning', 'nested', 'reference'])('so is one that hides in a %s', async (where) => {
    const item = {
      virkning: { ...virkning, ...(where === 'virkning' ? { ejer: OTHER } : {}) },
      brugervendtNoegle: 'x',
    };
    const body = {
      attributter: { egenskaber: [{ ...item, ...(where === 'nested' ? { ejer: OTHER } : {}) }] },
      relationer: {
        enhed: [{ virkning, reference: { uuid: UNIT, ...(where === 'reference' ? { ejer: OTHER } : {}) } }],
      },
    };
    expect((await service.send(PATH, { method: 'POST', body })).status).toBe(400);
  });
});
