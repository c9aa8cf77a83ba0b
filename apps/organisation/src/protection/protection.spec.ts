import { randomUUID } from 'node:crypto';
import { revise } from '@stoettesystemer/engine';
import { organisationTypes } from '@stoettesystemer/model';
import type { Answer, RunningService, Sent } from '@stoettesystemer/testing';
import { Client } from 'pg';
import { runningOrganisation } from '../spec/running-organisation';
import { letBeTolerant } from '../spec/tolerance';
import { ANONYMISE, ERASE } from './protection.controller';

const FROM = { fra: '2020-01-01T00:00:00Z' };
const PAST = { ...FROM, til: '2021-01-01T00:00:00Z' };
const LATER = { fra: '2090-01-01T00:00:00Z' };
const CPR = '2512484916';
const NAME = 'Åse Glemsel';

let service: RunningService;
let sql: Client;
let officer: string;
let ordinary: string;
beforeAll(async () => {
  // The towns here are no more than the places of their units.
  service = await letBeTolerant(await runningOrganisation());
  ordinary = await service.token();
  officer = await service.tokenAs({}, { privileges: [ANONYMISE, ERASE] });
  sql = new Client({ connectionString: service.databaseUrl });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await service.close();
});

const send = (method: string, path: string, sent: Sent = {}) =>
  service.send(method, `/organisation/v1/${path}`, { token: ordinary, ...sent });
const post = (path: string, body: object, sent: Sent = {}) =>
  send('POST', path, { body, token: officer, ...sent, headers: { 'if-match': '"1"', ...sent.headers } });
const jsonOf = <T = Record<string, unknown>>({ text }: Answer): T => JSON.parse(text) as T;
const outcomeOf = ({ status, text }: Answer): unknown[] =>
  text === '' ? [status] : [status, jsonOf<{ kode?: string }>({ text } as Answer).kode];
async function made(path: string, body: object, sent: Sent = {}): Promise<string> {
  const answer = await send('POST', path, { body, headers: { 'idempotency-key': randomUUID() }, ...sent });
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return jsonOf<{ uuid: string }>(answer).uuid;
}
const pointing = (uuid: string, virkning: object = FROM, label?: string) => [
  { virkning, reference: { uuid, ...(label === undefined ? {} : { label }) } },
];
const person = (more: { navn?: string; cprNummer?: string } = {}, sent: Sent = {}) =>
  made(
    'personer',
    {
      note: `Oprettet: ${more.navn ?? NAME}`,
      attributter: {
        egenskaber: [
          { virkning: FROM, brugervendtNoegle: randomUUID(), navn: NAME, cprNummer: CPR, ...more },
        ],
      },
    },
    sent,
  );
const unit = (more: object = {}) =>
  made('organisationenheder', {
    attributter: {
      egenskaber: [{ virkning: FROM, brugervendtNoegle: randomUUID(), enhedNavn: 'Enheden for alt' }],
    },
    tilstande: { gyldighed: [{ virkning: FROM, vaerdi: 'Aktiv' }] },
    ...more,
  });
const job = (relationer: object, gyldighed: object[] = [{ virkning: FROM, vaerdi: 'Aktiv' }]) =>
  made('organisationfunktioner', {
    attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: randomUUID(), funktionNavn: 'Job' }] },
    tilstande: { gyldighed },
    relationer,
  });

async function tracesOf(...texts: string[]): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const found: string[] = [];
  for (const { name } of rows)
    for (const each of texts) {
      const { rowCount } = await sql.query(`select from ${name} t where t::text like '%' || $1 || '%'`, [
        each,
      ]);
      if (rowCount) found.push(`${name}: ${each}`);
    }
  return found;
}
const logOf = async (uuid: string) =>
  (
    await sql.query<object>(
      `select operation, type, allowed, rule from audit where $1 = any(objects) and operation not like 'laes%' order by id`,
      [uuid],
    )
  ).rows;
const eventsOf = async (uuid: string) => {
  const answer = await send('GET', 'haendelser?limit=500&vent=1');
  const events = jsonOf<{ subject: string; objekthandling: string; data: { nummer: number } }[]>(answer);
  return events
    .filter(({ subject }) => subject === uuid)
    .map(({ objekthandling, data }) => [objekthandling, data.nummer]);
};
async function until<T>(look: () => Promise<T>, isIt: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (isIt(value)) return value;
  }
}
const sound = async () =>
  expect((await revise(service.databaseUrl, { types: organisationTypes })).findings).toEqual([]);

describe('a person is made anonymous', () => {
  it('by UUID: nobody can tell who it was, and who did it, and why, is told', async () => {
    const uuid = await person();
    const user = await made('brugere', {
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'asgl', brugerNavn: 'asgl' }] },
      relationer: { tilknyttedePersoner: pointing(uuid, FROM, NAME) },
    });
    const key = randomUUID();
    const ask = () =>
      post(
        `personer/${uuid}/anonymiser`,
        { note: 'Fratrådt for fem år siden' },
        { headers: { 'idempotency-key': key } },
      );
    const answer = await ask();
    expect([answer.status, answer.headers['etag'], answer.headers['cache-control']]).toEqual([
      200,
      '"3"',
      'no-store',
    ]);
    expect(jsonOf(answer)).toMatchObject({
      registrering: { nummer: 3, livscyklus: 'Importeret', note: 'Fratrådt for fem år siden' },
      attributter: { egenskaber: [{ brugervendtNoegle: 'anonymiseret', navn: 'Anonymiseret' }] },
    });
    expect(answer.text).not.toContain('cprNummer');
    expect(await tracesOf(NAME, CPR)).toEqual([]);
    // Sent again it is not done again.
    const again = await ask();
    expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([
      200,
      answer.text,
      'true',
    ]);
    // What is malformed is refused, whatever was answered before.
    const malformed = await post(
      `personer/${uuid}/anonymiser`,
      { note: 'Fratrådt for fem år siden' },
      { headers: { 'idempotency-key': key, 'if-match': '*' } },
    );
    expect(outcomeOf(malformed)).toEqual([400, 'if_match']);

    const history = await send('GET', `personer/${uuid}/registreringer`);
    expect(jsonOf<{ data: object[] }>(history).data).toMatchObject([
      { nummer: 3, livscyklus: 'Importeret', note: 'Fratrådt for fem år siden' },
      { nummer: 2, livscyklus: 'Slettet', note: 'Fratrådt for fem år siden' },
      { nummer: 1, livscyklus: 'Opstaaet' },
    ]);
    expect(history.text).not.toContain(NAME);
    const first = await send('GET', `personer/${uuid}/registreringer/1`);
    expect(jsonOf(first)).toMatchObject({ attributter: { egenskaber: [{ navn: 'Anonymiseret' }] } });
    const then = jsonOf<{ registrering: { fra: string } }>(first).registrering.fra;
    const before = await send('GET', `personer/${uuid}?registreringstid=${then}`);
    expect(jsonOf(before)).toMatchObject({ attributter: { egenskaber: [{ navn: 'Anonymiseret' }] } });
    for (const [felt, lig] of [
      ['navn', NAME],
      ['cprNummer', CPR],
    ])
      for (const at of ['', `?registreringstid=${then}`]) {
        const found = await send('POST', `personer/soegninger${at}`, { body: { udtryk: { felt, lig } } });
        expect([felt, at, jsonOf(found)]).toEqual([felt, at, { data: [], naeste: null }]);
      }
    const linked = jsonOf<{ relationer: object }>(await send('GET', `brugere/${user}`));
    expect(linked.relationer).toMatchObject({ tilknyttedePersoner: [{ reference: { uuid } }] });

    expect(await logOf(uuid)).toEqual([
      { operation: 'opret', type: 'Person', allowed: true, rule: null },
      { operation: 'anonymiser', type: 'Person', allowed: true, rule: null },
      { operation: 'historik', type: 'Person', allowed: true, rule: null },
      { operation: 'historik', type: 'Person', allowed: true, rule: null },
    ]);
    expect(
      await until(
        () => eventsOf(uuid),
        (events) => events.length === 3,
      ),
    ).toEqual([
      ['opstaaet', 1],
      ['slettet', 2],
      ['importeret', 3],
    ]);
    expect(await eventsOf(user)).toEqual([
      ['opstaaet', 1],
      ['rettet', 2],
    ]);
    await sound();
  });

  it('by a CPR number in a body: everybody who has it, or had it, or is deleted', async () => {
    const [cpr, other] = ['0101010101', '0202020202'];
    const [now, once, deleted] = [
      await person({ cprNummer: cpr }),
      await person({ cprNummer: cpr }),
      await person({ cprNummer: cpr }),
    ];
    const stays = await person({ cprNummer: other, navn: 'Bliver Stående' });
    await send('PATCH', `personer/${once}`, {
      body: { attributter: { egenskaber: [{ virkning: FROM, cprNummer: other }] } },
      headers: { 'if-match': '"1"' },
    });
    await send('DELETE', `personer/${deleted}`, { headers: { 'if-match': '"1"' } });
    const key = randomUUID();
    const ask = (cprNummer: string) =>
      post(
        'personer/anonymiser',
        { cprNummer, note: 'Indsigelse' },
        { headers: { 'idempotency-key': key, 'if-match': undefined } },
      );
    const answer = await ask(cpr);
    expect([answer.status, jsonOf<{ data: string[] }>(answer).data.toSorted()]).toEqual([
      200,
      [now, once, deleted].sort(),
    ]);
    expect(await tracesOf(cpr, NAME)).toEqual([]);
    expect(await tracesOf('Bliver Stående')).not.toEqual([]);
    expect((await send('GET', `personer/${deleted}`)).status).toBe(404);
    const again = await ask(cpr);
    expect([again.status, again.headers['idempotent-replayed'], again.text]).toEqual([
      200,
      'true',
      answer.text,
    ]);
    expect(outcomeOf(await ask(other))).toEqual([422, 'idempotens']);
    const anew = await post(
      'personer/anonymiser',
      { cprNummer: cpr, note: 'x' },
      { headers: { 'if-match': undefined } },
    );
    expect(outcomeOf(anew)).toEqual([404, 'findes_ikke']);
    expect((await send('GET', `personer/${stays}`)).status).toBe(200);
    await sound();
  });

  it('of the caller’s own municipality alone', async () => {
    const cpr = '0303030303';
    const token = await service.token({ cvr: '87654321' });
    const uuid = await person({ cprNummer: cpr }, { token });
    const one = await post(`personer/${uuid}/anonymiser`, { note: 'x' });
    const any = await post(
      'personer/anonymiser',
      { cprNummer: cpr, note: 'x' },
      { headers: { 'if-match': undefined } },
    );
    expect([outcomeOf(one), outcomeOf(any)]).toEqual([
      [404, 'findes_ikke'],
      [404, 'findes_ikke'],
    ]);
    expect(await tracesOf(cpr)).toContain(`fact: ${cpr}`);
  });

  it('by one who has seen it as it is, and says why without saying who', async () => {
    const uuid = await person();
    const ask = (body: object, headers = {}) => post(`personer/${uuid}/anonymiser`, body, { headers });
    expect(outcomeOf(await ask({}))).toEqual([400, 'ugyldigt_indhold']);
    const numbered = await ask({ note: `Ønske fra ${CPR}` });
    expect([outcomeOf(numbered), numbered.text.includes(CPR)]).toEqual([[422, 'cpr_nummer'], false]);
    expect(outcomeOf(await ask({ note: ' ' }))).toEqual([422, 'begrundelse']);
    const named = await ask({ note: `Ønske fra ${NAME}` });
    expect([outcomeOf(named), named.text.includes(NAME)]).toEqual([[422, 'navngiver'], false]);
    expect(outcomeOf(await ask({ note: 'x' }, { 'if-match': undefined }))).toEqual([428, 'if_match_mangler']);
    expect(outcomeOf(await ask({ note: 'x' }, { 'if-match': '"2"' }))).toEqual([412, 'foraeldet']);
    expect((await ask({ note: 'x' })).status).toBe(200);
    const again = await ask({ note: 'x' }, { 'if-match': '"3"' });
    expect([again.status, again.headers['preference-applied']]).toEqual([200, 'uaendret']);
  });

  it('by one who is not shown the name, and is told none; and not by a number that they may not see', async () => {
    const uuid = await person();
    const token = await service.tokenAs(
      {},
      { privileges: [ANONYMISE], constraints: { 'secpr-nummer': 'nej', senavn: 'nej' } },
    );
    const number = await post(
      'personer/anonymiser',
      { cprNummer: CPR, note: 'x' },
      { token, headers: { 'if-match': undefined } },
    );
    expect([outcomeOf(number), number.text.includes(CPR)]).toEqual([[403, 'skjult_felt'], false]);
    const answer = await post(`personer/${uuid}/anonymiser`, { note: 'x' }, { token });
    expect(jsonOf(answer)).toMatchObject({ attributter: { egenskaber: [{ navn: null }] } });
  });

  it('not without the privilege, nor with the privilege alone', async () => {
    const uuid = await person();
    for (const token of [ordinary, await service.tokenWith([ANONYMISE])])
      for (const path of [`personer/${uuid}/anonymiser`, 'personer/anonymiser'])
        expect(outcomeOf(await post(path, { note: 'x', cprNummer: CPR }, { token }))).toEqual([
          403,
          'ingen_rettighed',
        ]);
    expect(await tracesOf(NAME)).toContain(`fact: ${NAME}`);
  });
});

describe('what somebody is known by is made anonymous', () => {
  const address = (adresse: string) =>
    made('adresser', {
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: randomUUID(), adresse }] },
    });
  const user = (adresse: string, tilknyttedePersoner: object[] = []) =>
    made('brugere', {
      attributter: {
        egenskaber: [{ virkning: FROM, brugervendtNoegle: 'aasegl-77', brugerNavn: 'aasegl-77' }],
      },
      tilstande: { gyldighed: [{ virkning: FROM, vaerdi: 'Aktiv' }] },
      relationer: {
        adresser: [{ ...pointing(adresse, FROM, 'aase@glemsel.example')[0], rolle: 'Email', indeks: '1' }],
        tilknyttedePersoner,
      },
    });

  it('a user and an address of theirs: what they have to do with others is still there', async () => {
    const navn = 'Ebbe Alene';
    const human = await person({ navn });
    const mail = await address('aase@glemsel.example');
    const account = await user(mail, pointing(human, FROM, navn));
    const unitOf = await unit({ relationer: { tilknyttedeBrugere: pointing(account, FROM, 'aasegl-77') } });
    const answer = await post(`brugere/${account}/anonymiser`, { note: 'Fratrådt' });
    expect([answer.status, answer.headers['etag']]).toEqual([200, '"3"']);
    expect(jsonOf(answer)).toMatchObject({
      attributter: { egenskaber: [{ brugervendtNoegle: 'anonymiseret', brugerNavn: 'anonymiseret' }] },
      tilstande: { gyldighed: [{ vaerdi: 'Aktiv' }] },
      relationer: {
        adresser: [{ reference: { uuid: mail }, rolle: 'Email', indeks: '1' }],
        tilknyttedePersoner: [{ reference: { uuid: human } }],
      },
    });
    const pointingAt = jsonOf<{ relationer: object }>(await send('GET', `organisationenheder/${unitOf}`));
    expect(pointingAt.relationer).toMatchObject({ tilknyttedeBrugere: [{ reference: { uuid: account } }] });
    expect((await post(`adresser/${mail}/anonymiser`, { note: 'Fratrådt' })).status).toBe(200);
    expect((await post(`personer/${human}/anonymiser`, { note: 'Fratrådt' })).status).toBe(200);
    expect(await tracesOf('aasegl-77', 'aase@glemsel.example', navn)).toEqual([]);
    await sound();
  });

  it('an address that others than users have, when they have it no more', async () => {
    const shared = await address('Fælles Gade 7');
    await user(shared);
    const unitOf = await unit({
      relationer: { adresser: [{ ...pointing(shared)[0], rolle: 'Post', indeks: '1' }] },
    });
    const refused = await post(`adresser/${shared}/anonymiser`, { note: 'x' });
    expect([outcomeOf(refused), refused.text.includes(unitOf)]).toEqual([[422, 'i_brug'], false]);
    const body = { tilstande: { gyldighed: [{ virkning: FROM, vaerdi: 'Inaktiv' }] } };
    await send('PATCH', `organisationenheder/${unitOf}`, { body, headers: { 'if-match': '"1"' } });
    expect((await post(`adresser/${shared}/anonymiser`, { note: 'x' })).status).toBe(200);
    expect(await tracesOf('Fælles Gade 7')).toEqual([]);
  });

  it('not without the privilege', async () => {
    const mail = await address('b@glemsel.example');
    for (const path of [`adresser/${mail}`, `brugere/${await user(mail)}`])
      expect(outcomeOf(await post(`${path}/anonymiser`, { note: 'x' }, { token: ordinary }))).toEqual([
        403,
        'ingen_rettighed',
      ]);
  });
});

describe('a CPR number is shown where it is guarded, and nowhere else', () => {
  it.each<[string, string, object]>([
    [
      'a user that points at a person by it',
      'brugere',
      {
        attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'a', brugerNavn: 'a' }] },
        relationer: {
          tilknyttedePersoner: [{ virkning: LATER, reference: { urn: `urn:oio:cpr-nr:${CPR}` } }],
        },
      },
    ],
    [
      'a unit that does',
      'organisationenheder',
      {
        attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'a', enhedNavn: 'a' }] },
        relationer: { ansatte: [{ virkning: FROM, reference: { urn: `URN:OIO:CPR-NR:${CPR}` } }] },
      },
    ],
    [
      'a person whose key it is',
      'personer',
      { attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: '251248-4916', navn: 'a' }] } },
    ],
  ])('%s is refused', async (_, path, body) => {
    const answer = await send('POST', path, { body });
    expect([outcomeOf(answer), answer.text.includes(CPR)]).toEqual([[422, 'cpr_nummer'], false]);
  });
});

describe('a unit is removed for good', () => {
  const remove = (uuid: string, number = 1, sent: Sent = {}) =>
    post(
      `organisationenheder/${uuid}/fjern`,
      { note: 'Oprettet ved en fejl' },
      { ...sent, headers: { 'if-match': `"${number}"`, ...sent.headers } },
    );

  it('and is then told of by nothing but that it was there, who removed it, and why', async () => {
    const uuid = await unit({ note: 'En hemmelig enhed' });
    const key = { 'idempotency-key': randomUUID() };
    const answer = await remove(uuid, 1, { headers: key });
    expect([answer.status, answer.text]).toEqual([204, '']);
    const again = await remove(uuid, 1, { headers: key });
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([204, 'true']);
    expect(outcomeOf(await remove(uuid, 2))).toEqual([404, 'findes_ikke']);
    expect(await tracesOf('En hemmelig enhed')).toEqual([]);
    const { rows } = await sql.query(
      `select from fact where object_id = $1 union all select from term where object_id = $1`,
      [uuid],
    );
    expect(rows).toEqual([]);
    expect((await send('GET', `organisationenheder/${uuid}`)).status).toBe(404);
    expect((await send('GET', `organisationenheder/${uuid}/registreringer/1`)).status).toBe(404);
    const history = jsonOf<{ data: object[] }>(
      await send('GET', `organisationenheder/${uuid}/registreringer`),
    );
    expect(history.data).toMatchObject([{ nummer: 2, livscyklus: 'Slettet', note: 'Oprettet ved en fejl' }]);
    expect(await logOf(uuid)).toEqual(
      expect.arrayContaining([{ operation: 'fjern', type: 'OrganisationEnhed', allowed: true, rule: null }]),
    );
    expect(
      await until(
        () => eventsOf(uuid),
        (events) => events.length === 2,
      ),
    ).toEqual([
      ['opstaaet', 1],
      ['slettet', 2],
    ]);
    await sound();
  });

  it.each<[string, (uuid: string) => Promise<string>, number]>([
    ['a unit under it', (uuid) => unit({ relationer: { overordnet: pointing(uuid) } }), 422],
    ['a function in it', (uuid) => job({ tilknyttedeEnheder: pointing(uuid) }), 422],
    ['one that will be', (uuid) => job({ tilknyttedeEnheder: pointing(uuid, LATER) }), 422],
    [
      'one that will be active again',
      (uuid) =>
        job({ tilknyttedeEnheder: pointing(uuid) }, [
          { virkning: { ...FROM, til: LATER.fra }, vaerdi: 'Inaktiv' },
          { virkning: LATER, vaerdi: 'Aktiv' },
        ]),
      422,
    ],
    ['one that no longer is', (uuid) => job({ tilknyttedeEnheder: pointing(uuid, PAST) }), 204],
    [
      'one that has ended',
      (uuid) => job({ tilknyttedeEnheder: pointing(uuid) }, [{ virkning: FROM, vaerdi: 'Inaktiv' }]),
      204,
    ],
  ])('%s', async (_, make, status) => {
    const uuid = await unit();
    const other = await make(uuid);
    const answer = await remove(uuid);
    expect(answer.status).toBe(status);
    if (status === 204) return;
    expect(outcomeOf(answer)).toEqual([422, 'i_brug']);
    // Who it is may be no business of the one who asks.
    expect(answer.text).not.toContain(other);
    expect((await send('GET', `organisationenheder/${uuid}`)).status).toBe(200);
  });

  it('not without the privilege, and not where the caller does not reach', async () => {
    const [uuid, elsewhere] = [await unit(), await unit()];
    expect(outcomeOf(await remove(uuid, 1, { token: ordinary }))).toEqual([403, 'ingen_rettighed']);
    const token = await service.tokenAs(
      {},
      { privileges: [ERASE], constraints: { orgenhed: [{ rod: elsewhere, undertrae: true }] } },
    );
    expect(outcomeOf(await remove(uuid, 1, { token }))).toEqual([404, 'findes_ikke']);
    expect((await remove(elsewhere, 1, { token })).status).toBe(204);
    const neighbour = await service.tokenAs({ cvr: '87654321' }, { privileges: [ERASE] });
    expect(outcomeOf(await remove(uuid, 1, { token: neighbour }))).toEqual([404, 'findes_ikke']);
  });
});
