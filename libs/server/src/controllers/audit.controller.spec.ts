import { createHash, randomUUID } from 'node:crypto';
import { importJWK, type JWK } from 'jose';
import { Client } from 'pg';
import { type Got, running, type Running, type Sent } from '../spec/running';

const PATH = '/havn/v1/sikkerhedslog';
const PERSON = 'urn:oio:cpr-nr:2512484916';

let service: Running;
let db: Client;
beforeAll(async () => {
  service = await running();
  db = new Client({ connectionString: service.databaseUrl });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await service.close();
});

interface Line {
  readonly id: number;
  readonly handling: string;
  readonly bruger: string;
  readonly tilladt: boolean;
  readonly transaktionsid: string;
  readonly kriterier: unknown;
  readonly cvr: string;
}
interface Page {
  readonly data: Line[];
  readonly naeste: string | null;
}

const SYSTEM = 'd3300000-0000-4000-8000-000000000001';
const auditor = (more: { cvr?: string } = {}) => tokenOf(['havn:sikkerhedslog'], more);
async function tokenOf(privileges: string[], { cvr = '12345678' } = {}): Promise<string> {
  const claims = service.issuer.claims({ system: 'demo-fagsystem', service: 'havn', cvr });
  const [group] = claims['authorization_details'] as object[];
  return service.issuer.sign({ ...claims, authorization_details: [{ ...group, privileges }] });
}

/** Rows as the engine writes them; answers their transaction. */
async function written(
  rows: { cvr?: string; objekt?: string; bruger?: string; kriterier?: unknown; tilladt?: boolean }[],
): Promise<string> {
  const transaction = randomUUID();
  for (const { cvr = '12345678', objekt, bruger, kriterier, tilladt = true } of rows)
    await db.query(
      `insert into audit (owner, transaction, system, subject, operation, type, objects, criteria, count, allowed)
       values ($1, $2, $3, $4, 'laes', 'Skib', $5, $6, 1, $7)`,
      [
        cvr,
        transaction,
        SYSTEM,
        bruger ?? SYSTEM,
        objekt === undefined ? [] : [objekt],
        kriterier === undefined ? null : JSON.stringify(kriterier),
        tilladt,
      ],
    );
  for (let left = 1; left > 0; await new Promise((next) => setTimeout(next, 20)))
    left = (
      await db.query(
        `select from audit a where not exists
          (select from audit_chain c where c.owner = a.owner and c.id = a.id)`,
      )
    ).rowCount!;
  return transaction;
}

const search = async (body: object, more: Sent = {}): Promise<Got> =>
  service.exchange(`${PATH}/soegninger`, { method: 'POST', body, token: await auditor(), ...more });
const pageOf = (got: Got): Page => {
  expect([got.status, got.text]).toEqual([200, expect.any(String)]);
  return got.json as Page;
};

test('who has seen this citizen: found by the number, and by the object that names the person', async () => {
  const token = await auditor();
  const asked = { method: 'POST', token, body: { borger: { urn: PERSON } } };
  const first = pageOf(await service.exchange(`${PATH}/soegninger`, asked)).data;
  const [{ kriterier } = { kriterier: {} }] = (
    await db.query<{ kriterier: { borger: string } }>(
      `select criteria as kriterier from audit where operation = 'sikkerhedslog_soeg' order by id limit 1`,
    )
  ).rows;
  const { borger: pseudonym } = kriterier as { borger: string };
  expect([first, pseudonym]).toEqual([[], expect.stringMatching(/^cpr-hmac:[\w-]{22}$/)]);
  const [object, other] = [randomUUID(), randomUUID()];
  await db.query(
    `insert into fact (owner, id, object_id, section, facet, slot, value, valid, recorded, number)
     values (12345678, 1, $1, 'r', 'mandskab', '1', $2, '[2020-01-01,)', '[2020-01-01,)', 1)`,
    [object, JSON.stringify({ reference: { urn: PERSON } })],
  );
  const transaction = await written([
    { kriterier: { felt: 'mandskab', lig: { urn: pseudonym } } },
    { objekt: object },
    { objekt: object, tilladt: false },
    { objekt: other },
    { objekt: object, cvr: '87654321' },
  ]);
  const ours = ({ data }: Page) =>
    data.filter(({ transaktionsid }) => transaktionsid === transaction).map(({ tilladt }) => tilladt);
  for (const urn of [PERSON, 'URN:OIO:CPR-NR:251248-4916']) {
    const found = pageOf(await search({ borger: { urn } }));
    expect(ours(found)).toEqual([false, true, true]);
    expect(JSON.stringify(found)).not.toMatch(/2512484916|251248-4916/);
    expect(new Set(found.data.map(({ cvr }) => cvr))).toEqual(new Set(['12345678']));
  }
  expect(ours(pageOf(await search({ borger: { urn: PERSON }, afvist: true })))).toEqual([false]);
  expect(ours(pageOf(await search({ borger: { urn: PERSON }, afvist: false })))).toEqual([true, true]);
  expect(pageOf(await search({ borger: { urn: 'urn:oio:cpr-nr:2512484917' } })).data).toEqual([]);
});

test('what has this user done, page by page, the newest first; and only in one’s own municipality', async () => {
  const bruger = `ansat-${randomUUID()}`;
  await written([
    ...Array.from({ length: 7 }, () => ({ bruger })),
    { bruger, cvr: '87654321' },
    { bruger: 'en anden' },
  ]);
  const ids: number[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = pageOf(await search({ bruger, limit: 3, ...(cursor === null ? {} : { cursor }) }));
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.naeste;
  } while (cursor !== null);
  expect(ids).toHaveLength(7);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  const theirs = pageOf(await search({ bruger }, { token: await auditor({ cvr: '87654321' }) }));
  expect(theirs.data.map(({ cvr }) => cvr)).toEqual(['87654321']);
  const page = pageOf(await search({ bruger, limit: 3 }));
  const others = await search({ bruger: 'en anden', limit: 3, cursor: page.naeste });
  expect([others.status, (others.json as { kode: string }).kode]).toEqual([400, 'cursor']);
});

test('of an object, of an it-system, and of a period', async () => {
  const objekt = randomUUID();
  const transaction = await written([{ objekt }, { objekt: randomUUID() }]);
  expect(pageOf(await search({ objekt: objekt.toUpperCase() })).data).toMatchObject([
    { transaktionsid: transaction, handling: 'laes', objekter: [objekt], system: SYSTEM, tilladt: true },
  ]);
  expect(pageOf(await search({ system: SYSTEM, limit: 500 })).data.length).toBeGreaterThan(1);
  const early = { fra: '2020-01-01T00:00:00Z', til: '2020-01-02T00:00:00Z' };
  expect(pageOf(await search({ objekt, ...early })).data).toEqual([]);
  expect(pageOf(await search({ objekt, fra: early.fra, til: '9999-01-01T00:00:00Z' })).data).toHaveLength(1);
});

test('each look is itself in the log, with whom it was about', async () => {
  const transaction = randomUUID();
  const headers = { 'x-transaktionsid': transaction, formaal: 'klage' };
  await search({ borger: { urn: PERSON }, fra: '2026-01-01T00:00:00Z' }, { headers });
  const { rows } = await db.query<Record<string, unknown>>(
    'select operation, purpose, allowed, criteria, subject from audit where transaction = $1',
    [transaction],
  );
  expect(rows).toMatchObject([
    {
      operation: 'sikkerhedslog_soeg',
      purpose: 'klage',
      allowed: true,
      subject: SYSTEM,
      criteria: { fra: '2026-01-01T00:00:00Z', borger: expect.stringMatching(/^cpr-hmac:/) as string },
    },
  ]);
  await written([]);
  const [mine] = pageOf(await search({ borger: { urn: PERSON } })).data.filter(
    ({ transaktionsid }) => transaktionsid === transaction,
  );
  expect(mine).toMatchObject({ handling: 'sikkerhedslog_soeg' });
});

test('T87: without the audit row there is no answer', async () => {
  await db.query(
    `alter table audit add constraint broken check (operation not like 'sikkerhedslog%') not valid`,
  );
  try {
    const period = '?fra=2026-01-01T00:00:00Z&til=2026-01-02T00:00:00Z';
    const got = [
      await search({ system: SYSTEM }),
      await service.exchange(`${PATH}${period}`, { token: await auditor() }),
    ];
    for (const { status, text } of got) {
      expect(status).toBe(500);
      expect(text).not.toContain('transaktionsid":');
    }
  } finally {
    await db.query('alter table audit drop constraint broken');
  }
});

test('whoever has not the right is refused, and it is logged', async () => {
  const transaction = randomUUID();
  const token = await tokenOf(['skib:laes', 'andet:sikkerhedslog']);
  const headers = { 'x-transaktionsid': transaction };
  const got = [
    await search({ system: SYSTEM }, { token, headers }),
    await service.exchange(`${PATH}?fra=2026-01-01T00:00:00Z&til=2026-01-02T00:00:00Z`, { token, headers }),
    await service.exchange(`${PATH}/roedder`, { token, headers }),
  ];
  expect(got.map(({ status }) => status)).toEqual([403, 403, 403]);
  const { rows } = await db.query('select allowed, rule from audit where transaction = $1', [transaction]);
  expect(rows).toEqual(Array.from({ length: 3 }, () => ({ allowed: false, rule: 'havn:sikkerhedslog' })));
  expect((await search({ system: SYSTEM }, { token: null })).status).toBe(401);
});

test.each([
  [{}, 'udvalg'],
  [{ objekt: SYSTEM, bruger: 'x' }, 'udvalg'],
  [{ borger: { urn: 'urn:oio:cvr-nr:12345678' } }, 'operand'],
  [{ borger: '2512484916' }, 'type'],
  [{ objekt: 'x' }, 'uuid'],
  [{ bruger: '' }, 'laengde'],
  [{ bruger: 'x', fra: '2026-02-30T00:00:00Z' }, 'tidspunkt'],
  [{ bruger: 'x', limit: 501 }, 'stoerst'],
  [{ bruger: 'x', andet: 1 }, 'ukendt'],
])('%j is refused', async (body, kode) => {
  const got = await search(body);
  const { fejl } = got.json as { fejl: { kode: string }[] };
  expect([got.status, fejl.map((each) => each.kode)]).toEqual([400, expect.arrayContaining([kode])]);
});

test.each([
  '',
  '?fra=2026-01-01T00:00:00Z',
  '?fra=2026-01-01&til=2026-01-02',
  '?fra=2026-01-02T00:00:00Z&til=2026-01-01T00:00:00Z',
  '?fra=2026-01-01T00:00:00Z&til=2026-03-01T00:00:00Z',
])('an export of %j is refused', async (query) => {
  expect((await service.exchange(`${PATH}${query}`, { token: await auditor() })).status).toBe(400);
});

interface Exported {
  readonly plads: number;
  readonly forrige: string;
  readonly hash: string;
  readonly raekke: Line;
}
async function exported(fra: Date, til: Date, token?: string): Promise<{ text: string; line: Exported }[]> {
  const query = new URLSearchParams({ fra: fra.toISOString(), til: til.toISOString() });
  const got = await service.exchange(`${PATH}?${query.toString()}`, { token: token ?? (await auditor()) });
  expect([got.status, got.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
  const lines = got.text.trimEnd().split('\n');
  expect(JSON.parse(lines.pop()!)).toEqual({ i_alt: lines.length });
  return lines.map((text) => ({ text, line: JSON.parse(text) as Exported }));
}

test('an export is the whole period, and a receiver can verify every line of it', async () => {
  await written(Array.from({ length: 1_100 }, () => ({})));
  const { rows } = await db.query<{ from: Date; to: Date; n: number }>(
    `select min(at) as from, max(at) + interval '1 second' as to, count(*)::int as n from audit where owner = 12345678`,
  );
  const [{ from, to, n } = { from: new Date(), to: new Date(), n: 0 }] = rows;
  const lines = await exported(from, to);
  expect(lines.length).toBeGreaterThanOrEqual(n);
  let former = '0'.repeat(64);
  for (const [at, { text, line }] of lines.entries()) {
    const row = text.slice(text.indexOf('"raekke":') + 9, -1);
    const bytes = Buffer.concat([Buffer.from(line.forrige, 'hex'), Buffer.from(row)]);
    expect([line.plads, line.forrige]).toEqual([at + 1, former]);
    former = createHash('sha256').update(bytes).digest('hex');
    expect(line.hash).toBe(former);
  }
  const { rows: middle } = await db.query<{ at: Date }>(
    `select a.at from audit a join audit_chain c using (owner, id) where owner = 12345678 and place = 600`,
  );
  const rest = await exported(new Date(middle[0]!.at.getTime() + 1), to);
  expect(rest[0]!.line.forrige).toBe(lines[rest[0]!.line.plads - 2]!.line.hash);
  const theirs = await exported(from, to, await auditor({ cvr: '87654321' }));
  expect(new Set(theirs.map(({ line }) => line.raekke.cvr))).toEqual(new Set(['87654321']));
});

test('roots are given with the key that signed them', async () => {
  await db.query(
    `insert into audit_root (owner, day, place, hash, jws) values (87654321, '2026-01-01', 1, sha256(''), 'x')`,
  );
  const { noegle, data } = (await service.exchange(`${PATH}/roedder`, { token: await auditor() })).json as {
    noegle: JWK;
    data: { jws: string }[];
  };
  expect([noegle.kty, noegle.crv, noegle.alg, noegle.d]).toEqual(['EC', 'P-256', 'ES256', undefined]);
  expect(await importJWK(noegle, 'ES256')).toBeDefined();
  expect(data).toEqual([]);
});
