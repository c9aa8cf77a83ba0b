import { randomUUID } from 'node:crypto';
import { type Got, running, type Running, type Sent, ship } from '../spec/running';
import { stored } from './spec/stored';

let service: Running;
beforeAll(async () => {
  service = await running();
});
afterAll(() => service.close());

const SHIPS = '/havn/v1/skibe';
const send = (path: string, sent?: Sent): Promise<Got> => service.exchange(path, sent);
interface Ship {
  readonly uuid: string;
  readonly ejer: string;
  readonly registrering: { readonly nummer: number };
}
const make = async (): Promise<Ship> => (await send(SHIPS, { method: 'POST', body: ship() })).json as Ship;

describe('T36: what the server says for itself is not taken from a body', () => {
  const NAMES = [
    'cvr',
    'id',
    'uuid',
    'ejer',
    'registrering',
    'oprettetAf',
    'oprettet',
    'version',
    'nummer',
    'livscyklus',
    'virkning',
    'owner',
    '_id',
    'slut',
    'erstat',
    'registreringer',
  ];
  const value = (name: string): unknown =>
    ({
      registrering: { nummer: 7, livscyklus: 'Slettet' },
      registreringer: [],
      uuid: randomUUID(),
      erstat: true,
    })[name] ?? '87654321';

  test.each(NAMES.map((name) => [name]))('%s', async (name) => {
    const { uuid } = await make();
    const before = await stored(service);
    const beside = { ...ship(), [name]: value(name) };
    const within = ship({ [name]: name === 'virkning' ? '87654321' : value(name) });
    const headers = { 'if-match': '"1"' };
    const requests: [string, Sent][] = [
      [SHIPS, { method: 'POST', body: beside }],
      [SHIPS, { method: 'POST', body: within }],
      [`${SHIPS}/${randomUUID()}`, { method: 'PUT', body: beside }],
      [`${SHIPS}/${uuid}`, { method: 'PUT', body: beside, headers }],
      [`${SHIPS}/${uuid}/passiver`, { method: 'POST', body: { [name]: value(name) }, headers }],
      [
        `${SHIPS}/laes`,
        { method: 'POST', body: { uuid: [uuid], [name === 'uuid' ? 'cvr' : name]: value(name) } },
      ],
      [`${SHIPS}/soegninger`, { method: 'POST', body: { [name]: value(name) } }],
      // What is told anew as a whole is a word of a change, and of nothing else.
      ...(name === 'erstat'
        ? []
        : [
            [`${SHIPS}/${uuid}`, { method: 'PATCH', body: { [name]: value(name) }, headers }] as [
              string,
              Sent,
            ],
          ]),
    ];
    for (const [path, sent] of requests) {
      const got = await send(path, sent);
      expect([sent.method, path, got.status]).toEqual([sent.method, path, 400]);
      expect((got.json as { fejl: object[] }).fejl).not.toEqual([]);
    }
    expect(await stored(service)).toBe(before);
  });

  test('in a line of an import: the municipality is that of the token', async () => {
    const lines = [{ ejer: '87654321' }, { cvr: '87654321' }, { registrering: { nummer: 7 } }, {}].map(
      (more) => JSON.stringify({ objekttype: 'Skib', ...ship(), ...more }),
    );
    const { text } = await send('/havn/v1/import', {
      method: 'POST',
      body: lines.join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { status?: number; uuid?: string });
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 201, undefined]);
    expect((await send(`${SHIPS}/${answers[3]!.uuid!}`)).json).toMatchObject({ ejer: '12345678' });
  });
});

describe('T39: what a proxy would say is believed of no client', () => {
  const FORGED: Record<string, string> = {
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'ond.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': '/ond',
    'x-real-ip': '127.0.0.1',
    forwarded: 'for=127.0.0.1;host=ond.example',
    'x-client-cert': 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0',
    'x-ssl-client-verify': 'SUCCESS',
    'x-user': 'admin',
    'x-remote-user': 'admin',
    'x-cvr': '87654321',
    'x-tenant': '87654321',
    'x-original-url': '/havn/typer',
    'x-rewrite-url': '/havn/typer',
    'x-http-method-override': 'DELETE',
    'x-http-method': 'DELETE',
    'x-method-override': 'DELETE',
    'access-control-request-method': 'DELETE',
    origin: 'https://ond.example',
  };
  const bare = ({ status, text, headers }: Got) => ({
    status,
    text,
    headers: Object.fromEntries(
      Object.entries(headers).filter(
        ([name]) => !['date', 'x-transaktionsid', 'x-transaktionstid', 'traceparent'].includes(name),
      ),
    ),
  });

  test.each(Object.entries(FORGED))(
    '%s: %s changes nothing of the answer, and nothing of the object',
    async (name, said) => {
      const { uuid } = await make();
      const path = `${SHIPS}/${uuid}`;
      const before = await stored(service);
      const [plain, forged] = [await send(path), await send(path, { headers: { [name]: said } })];
      expect(bare(forged)).toEqual(bare(plain));
      const search = (headers: Sent['headers'] = {}) =>
        send(`${SHIPS}/soegninger`, {
          method: 'POST',
          body: { udtryk: { felt: 'uuid', lig: uuid } },
          headers,
        });
      expect(bare(await search({ [name]: said }))).toEqual(bare(await search()));
      expect((await send(path, { token: null, headers: { [name]: said } })).status).toBe(401);
      expect(await stored(service)).toBe(before);
      expect((await send(path)).headers.etag).toBe('"1"');
    },
  );

  test('all of them together, on what is made: its municipality and its address are as ever', async () => {
    const got = await send(SHIPS, { method: 'POST', body: ship(), headers: FORGED });
    const { uuid, ejer } = got.json as Ship;
    expect([got.status, ejer, got.headers.location]).toEqual([201, '12345678', `${SHIPS}/${uuid}`]);
    const neighbour = await service.token({ cvr: '87654321' });
    const read = await send(`${SHIPS}/${uuid}`, {
      token: neighbour,
      headers: { ...FORGED, 'x-cvr': '12345678' },
    });
    expect(read.status).toBe(404);
  });

  test('a link to the next page leads where the request went, whatever host it names', async () => {
    for (let at = 0; at < 3; at++) await make();
    const { headers } = await send(`${SHIPS}?limit=1`, { headers: { ...FORGED, host: 'ond.example' } });
    expect(headers.link).toMatch(/^<\/havn\/v1\/skibe\?/);
  });
});
