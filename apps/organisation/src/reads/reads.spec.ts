import { randomUUID } from 'node:crypto';
import { FUNCTION_TYPES } from '@stoettesystemer/model';
import type { RunningService } from '@stoettesystemer/testing';
import { ALWAYS, jsonOf, line, named, pointing, runningReads, state, task, Town } from './spec/town';

const [EARLY, JUNE, SEPTEMBER] = ['2020-06-01T00:00:00Z', '2026-06-01T00:00:00Z', '2026-09-01T00:00:00Z'];
const SUMMER = '2026-07-15T00:00:00Z';
const names = [
  'root',
  'left',
  'right',
  'team',
  'ann',
  'bo',
  'personA',
  'personB',
  'post',
  'moved',
  'vacant',
  'leader',
] as const;
const id = Object.fromEntries(
  [...names, 'pays', 'office', 'use', 'system', 'address', 'klasse'].map((name) => [name, randomUUID()]),
) as Record<(typeof names)[number] | 'pays' | 'office' | 'use' | 'system' | 'address' | 'klasse', string>;

let service: RunningService;
let town: Town;

const unit = (
  name: 'root' | 'left' | 'right' | 'team',
  relationer: Parameters<typeof line>[2]['relationer'] = {},
) =>
  line('OrganisationEnhed', id[name], {
    egenskaber: [named({ enhedNavn: name, brugervendtNoegle: name })],
    gyldighed: [state('Aktiv')],
    relationer,
  });
const post = (
  name: keyof typeof id,
  type: string,
  relationer: Parameters<typeof line>[2]['relationer'] = {},
) =>
  line('OrganisationFunktion', id[name], {
    egenskaber: [named({ funktionNavn: name })],
    gyldighed: [state('Aktiv')],
    relationer: { funktionstype: [pointing(type)], ...relationer },
  });

beforeAll(async () => {
  service = await runningReads();
  town = new Town(service, () => service.token());
  await town.bring([
    unit('root', { opgaver: [task('27', id.klasse)] }),
    unit('left', {
      overordnet: [pointing(id.root)],
      opgaver: [task('27.18', id.klasse)],
      tilknyttedeFunktioner: [pointing(id.pays), pointing(id.office)],
      adresser: [pointing(id.address, ALWAYS, { rolle: 'Lokation', indeks: '1' })],
    }),
    unit('right', { overordnet: [pointing(id.root)] }),
    unit('team', {
      overordnet: [pointing(id.left, { fra: ALWAYS.fra, til: SUMMER }), pointing(id.right, { fra: SUMMER })],
      opgaver: [task('27.18.02', id.klasse), task('28', randomUUID())],
    }),
    line('Adresse', id.address, { egenskaber: [named({ adresse: 'Prøvevej 1' })] }),
    line('ItSystem', id.system, { egenskaber: [named({ itSystemNavn: 'Fagsystem' })] }),
    line('Person', id.personA, {
      egenskaber: [named({ navn: 'Test Ann', cprNummer: '7001010001' })],
    }),
    line('Person', id.personB, { egenskaber: [named({ navn: 'Test Bo' })] }),
    line('Bruger', id.ann, {
      egenskaber: [named({ brugerNavn: 'ann' })],
      relationer: { tilknyttedePersoner: [pointing(id.personA)] },
    }),
    line('Bruger', id.bo, {
      egenskaber: [named({ brugerNavn: 'bo' })],
      relationer: { tilknyttedePersoner: [pointing(id.personB)] },
    }),
    post('leader', FUNCTION_TYPES.lederrolle, {
      tilknyttedeEnheder: [pointing(id.left)],
      tilknyttedeBrugere: [pointing(id.bo)],
    }),
    post('post', FUNCTION_TYPES.enhedsrolle, {
      tilknyttedeEnheder: [pointing(id.team)],
      tilknyttedeBrugere: [pointing(id.ann)],
    }),
    post('moved', FUNCTION_TYPES.enhedsrolle, {
      tilknyttedeEnheder: [
        pointing(id.right, { fra: ALWAYS.fra, til: SUMMER }),
        pointing(id.left, { fra: SUMMER }),
      ],
      tilknyttedeBrugere: [pointing(id.bo)],
    }),
    post('vacant', FUNCTION_TYPES.enhedsrolle, { tilknyttedeEnheder: [pointing(id.left)] }),
    post('pays', FUNCTION_TYPES.udbetalendeEnhed, { tilknyttedeEnheder: [pointing(id.root)] }),
    post('office', FUNCTION_TYPES.henvendelsessted, {
      tilknyttedeEnheder: [pointing(id.right)],
      opgaver: [task('27', id.klasse)],
    }),
    post('use', FUNCTION_TYPES.systemrolle, {
      tilknyttedeEnheder: [pointing(id.left)],
      tilknyttedeItSystemer: [pointing(id.system)],
    }),
  ]);
});
afterAll(() => service.close());

interface Node {
  readonly uuid: string;
  readonly navn: string;
  readonly niveau: number;
  readonly antalUnderordnede: number;
  readonly antalMedlemmer: number | null;
  readonly antalMedlemmerIAlt: number | null;
  readonly underordnede?: readonly Node[];
}
interface Tree {
  readonly enheder: readonly Node[];
}
const shapeOf = (nodes: readonly Node[] = []): object =>
  Object.fromEntries(nodes.map(({ navn, underordnede }) => [navn, shapeOf(underordnede)]));

describe('enhedstrae', () => {
  test('as it is at each side of a move, with how many are where', async () => {
    const before = await town.read<Tree>(`enhedstrae?virkningstid=${JUNE}`);
    expect(shapeOf(before.enheder)).toEqual({ root: { left: { team: {} }, right: {} } });
    const after = await town.read<Tree>(`enhedstrae?virkningstid=${SEPTEMBER}`);
    expect(shapeOf(after.enheder)).toEqual({ root: { left: {}, right: { team: {} } } });
    const flat = await town.read<Tree>(`enhedstrae?form=flad&virkningstid=${SEPTEMBER}`);
    expect(
      flat.enheder.map(({ navn, niveau, antalMedlemmer, antalMedlemmerIAlt }) => [
        navn,
        niveau,
        antalMedlemmer,
        antalMedlemmerIAlt,
      ]),
    ).toEqual([
      ['root', 1, 0, 2],
      // Bo leads and has a post too, and is one.
      ['left', 2, 1, 1],
      ['right', 2, 0, 1],
      ['team', 3, 1, 1],
    ]);
  });

  test('from a unit and down, to a depth', async () => {
    const { enheder } = await town.read<Tree>(
      `organisationenheder/${id.root}/trae?dybde=2&virkningstid=${JUNE}`,
    );
    expect(shapeOf(enheder)).toEqual({ root: { left: {}, right: {} } });
    expect(enheder[0]?.underordnede?.[0]).toMatchObject({ antalUnderordnede: 1, antalMedlemmerIAlt: 2 });
    const statuses = ['dybde=0', 'dybde=51', 'form=rund', 'virkning=alle'].map(
      async (query) => (await town.send('GET', `enhedstrae?${query}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([400, 400, 400, 400]);
    expect((await town.send('GET', `organisationenheder/${randomUUID()}/trae`)).status).toBe(404);
    expect((await town.send('GET', `organisationenheder/${id.post}/trae`)).status).toBe(404);
    expect((await town.send('GET', `enhedstrae?virkningstid=2019-01-01T00:00:00Z`)).text).toBe(
      '{"enheder":[]}',
    );
  });
});

interface Page {
  readonly ledelse: {
    readonly egen: boolean;
    readonly enhed: { uuid: string };
    readonly ledere: readonly Member[];
  } | null;
  readonly medlemmer: { readonly data: readonly Member[]; readonly naeste: string | null };
  readonly advarsler: readonly { sti: string; kode: string }[];
}
interface Member {
  readonly funktion: string;
  readonly titel: string;
  readonly fra: string;
  readonly til: string | null;
  readonly bruger: {
    readonly uuid: string;
    readonly brugerNavn: string;
    readonly navn: string | null;
  } | null;
}

describe('overblik', () => {
  const page = (name: 'left' | 'team' | 'root', at = JUNE) =>
    town.read<Page>(`organisationenheder/${id[name]}/overblik?virkningstid=${at}`);

  test('a unit with all that is around it', async () => {
    expect(await page('left', SEPTEMBER)).toMatchObject({
      enhed: { uuid: id.left, navn: 'left', overordnet: id.root },
      over: [{ uuid: id.root, navn: 'root' }],
      under: [],
      ledelse: { egen: true, enhed: { uuid: id.left }, ledere: [{ bruger: { navn: 'Test Bo' } }] },
      antalMedlemmer: 1,
      adresser: [{ rolle: 'Lokation', indeks: '1', adresse: id.address, tekst: 'Prøvevej 1' }],
      opgaver: [{ rolle: 'Ansvarlig', klasse: id.klasse, kleNummer: '27.18' }],
      henvendelsessteder: [{ funktion: id.office, enhed: { navn: 'right' }, opgaver: [{ kleNummer: '27' }] }],
      udbetalendeEnheder: [{ funktion: id.pays, enhed: { navn: 'root' } }],
      itSystemer: [{ uuid: id.system, navn: 'Fagsystem', funktion: id.use }],
      advarsler: [],
    });
  });

  test('members with their period, leaders first, and a vacant post', async () => {
    const { medlemmer } = await page('left', SEPTEMBER);
    expect(
      medlemmer.data.map(({ titel, fra, til, bruger }) => [titel, bruger?.navn ?? null, fra, til]),
    ).toEqual([
      ['leader', 'Test Bo', ALWAYS.fra, null],
      ['moved', 'Test Bo', SUMMER, null],
      ['vacant', null, ALWAYS.fra, null],
    ]);
  });

  test('a unit without a leader has that of the nearest one over it that has one; at the top there is none', async () => {
    expect((await page('team')).ledelse).toMatchObject({ egen: false, enhed: { uuid: id.left } });
    expect((await page('team', SEPTEMBER)).ledelse).toBeNull();
    expect((await page('root')).ledelse).toBeNull();
  });

  test('members come in pages, all from the moment of the first', async () => {
    const first = await town.read<Page>(
      `organisationenheder/${id.left}/overblik?limit=1&virkningstid=${SEPTEMBER}`,
    );
    const path = `organisationenheder/${id.left}/medlemmer`;
    expect(first.medlemmer.data).toHaveLength(1);
    // The moment stands in the cursor.
    const second = await town.read<Page['medlemmer']>(`${path}?limit=1&cursor=${first.medlemmer.naeste}`);
    expect(second.data.map(({ titel }) => titel)).toEqual(['moved']);
    const titles = async (limit: number) => (await town.all<Member>(path, limit)).map(({ titel }) => titel);
    expect(await titles(1)).toEqual(await titles(500));
    const elsewhere = `organisationenheder/${id.team}/medlemmer?cursor=${first.medlemmer.naeste}`;
    expect((await town.send('GET', elsewhere)).status).toBe(400);
  });

  test('names are withheld from those who are not given them, and it says so', async () => {
    const blind = new Town(service, () => service.tokenAs({}, { constraints: { senavn: 'nej' } }));
    const { medlemmer, ledelse, advarsler } = await blind.read<Page>(
      `organisationenheder/${id.left}/overblik`,
    );
    expect(medlemmer.data[0]?.bruger).toMatchObject({ uuid: id.bo, brugerNavn: 'bo', navn: null });
    expect(ledelse?.ledere[0]?.bruger?.navn).toBeNull();
    expect(advarsler).toMatchObject([{ sti: '/medlemmer/data/bruger/navn', kode: 'skjult' }]);
  });

  test('every person that is shown is in the security log', async () => {
    const transaction = randomUUID();
    await service.send(
      'GET',
      `/organisation/v1/organisationenheder/${id.left}/overblik?virkningstid=${SEPTEMBER}`,
      {
        headers: { 'x-TransaktionsId': transaction, formaal: 'sagsbehandling' },
      },
    );
    const { rows } = await service.database.run(
      { owner: '12345678' },
      {
        name: 'logged',
        text: 'select type, objects::text, purpose from audit where transaction = $1::uuid',
        values: [transaction],
      },
    );
    const logged = (type: string) =>
      rows
        .filter((row) => row['type'] === type)
        .map(({ objects }) => String(objects))
        .join();
    expect(logged('Person')).toContain(id.personB);
    expect(logged('Bruger')).toContain(id.bo);
    expect(logged('OrganisationEnhed')).toContain(id.left);
    expect(logged('OrganisationFunktion')).toContain(id.leader);
    expect(new Set(rows.map(({ purpose }) => purpose))).toEqual(new Set(['sagsbehandling']));
  });
});

describe('poster', () => {
  interface Post extends Member {
    readonly enhed: { readonly navn: string };
  }
  const told = (posts: readonly Post[]) =>
    posts.map(({ titel, enhed, fra, til }) => [titel, enhed.navn, fra, til]);
  const BO = [
    ['leader', 'left', ALWAYS.fra, null],
    ['moved', 'right', ALWAYS.fra, SUMMER],
    ['moved', 'left', SUMMER, null],
  ];
  const inOrder = (posts: (string | null)[][]) => posts.toSorted((a, b) => (a.join() < b.join() ? -1 : 1));

  test('of a user and of a person, over time, and at a moment', async () => {
    const user = await town.all<Post>(`brugere/${id.bo}/poster`);
    expect(inOrder(told(user))).toEqual(inOrder(BO));
    expect(user.map(({ fra }) => fra)).toEqual(user.map(({ fra }) => fra).toSorted());
    expect(inOrder(told(await town.all<Post>(`personer/${id.personB}/poster`)))).toEqual(inOrder(BO));
    const then = await town.all<Post>(`brugere/${id.bo}/poster?virkningstid=${EARLY}`);
    expect(inOrder(told(then))).toEqual(inOrder(BO.slice(0, 2)));
    expect((await town.send('GET', `brugere/${randomUUID()}/poster`)).status).toBe(404);
  });

  test('by CPR number in the body, for those who are given it', async () => {
    const body = { cprNummer: '7001010001' };
    const { data } = await town.read<{ data: Post[] }>('poster/soegninger', body);
    expect(told(data)).toEqual([['post', 'team', ALWAYS.fra, null]]);
    const blind = new Town(service, () => service.tokenAs({}, { constraints: { 'secpr-nummer': 'nej' } }));
    expect(jsonOf<{ kode: string }>(await blind.send('POST', 'poster/soegninger', body)).kode).toBe(
      'skjult_felt',
    );
    const statusOf = async (said: object) => (await town.send('POST', 'poster/soegninger', said)).status;
    expect([await statusOf({}), await statusOf({ bruger: id.bo, person: id.personB })]).toEqual([400, 400]);
    expect(
      (await town.read<{ data: Post[] }>('poster/soegninger', { person: id.personB })).data,
    ).toHaveLength(3);
  });
});

describe('opgaveansvar', () => {
  interface Found {
    readonly enhed: { readonly navn: string };
    readonly opgave: { readonly kleNummer: string };
    readonly match: string;
  }
  const find = async (query: string) =>
    (await town.all<Found>(`opgaveansvar?${query}`, 1)).map(({ enhed, opgave, match }) => [
      enhed.navn,
      opgave.kleNummer,
      match,
    ]);

  test('a higher subject covers all under it, and a lower one is a part of it', async () => {
    expect(await find(`kle=27.18.02&virkningstid=${JUNE}`)).toEqual([
      ['team', '27.18.02', 'Netop'],
      ['left', '27.18', 'Overordnet'],
      ['root', '27', 'Overordnet'],
    ]);
    expect(await find(`kle=27&virkningstid=${JUNE}`)).toEqual([
      ['root', '27', 'Netop'],
      ['left', '27.18', 'Underordnet'],
      ['team', '27.18.02', 'Underordnet'],
    ]);
    expect(await find('kle=99')).toEqual([]);
  });

  test('under a unit, as the tree is at the moment, and by role', async () => {
    expect(await find(`kle=27.18&enhed=${id.left}&virkningstid=${JUNE}`)).toEqual([
      ['left', '27.18', 'Netop'],
      ['team', '27.18.02', 'Underordnet'],
    ]);
    expect(await find(`kle=27.18&enhed=${id.left}&virkningstid=${SEPTEMBER}`)).toEqual([
      ['left', '27.18', 'Netop'],
    ]);
    expect(await find('kle=28&rolle=Ansvarlig')).toHaveLength(1);
    expect(await find(`kle=28&rolle=${randomUUID()}`)).toEqual([]);
    const statusOf = async (query: string) => (await town.send('GET', `opgaveansvar?${query}`)).status;
    expect(
      await Promise.all(
        ['', 'kle=x', 'kle=27&rolle=Alle', 'kle=27&enhed=x', `kle=27&enhed=${randomUUID()}`].map(statusOf),
      ),
    ).toEqual([400, 400, 400, 400, 404]);
  });
});

describe('aendringer', () => {
  interface Change {
    readonly slags: string;
    readonly enhed: { readonly navn: string };
  }
  test('what changed between two dates, in pages', async () => {
    const path = `aendringer?foerVirkningstid=${JUNE}&virkningstid=${SEPTEMBER}`;
    const changes = await town.all<Change>(path, 1);
    expect(changes.map(({ slags, enhed }) => [slags, enhed.navn])).toEqual([
      ['MedlemTilfoejet', 'left'],
      ['MedlemFjernet', 'right'],
      ['Flyttet', 'team'],
    ]);
    expect(changes[2]).toMatchObject({ foer: { navn: 'left' }, nu: { navn: 'right' } });
    expect((await town.all<Change>(`${path}&slags=Flyttet,Lukket`)).map(({ slags }) => slags)).toEqual([
      'Flyttet',
    ]);
    expect((await town.all<Change>(`${path}&enhed=${id.team}`)).map(({ slags }) => slags)).toEqual([
      'Flyttet',
    ]);
    expect(await town.all<Change>(`aendringer?foerVirkningstid=${JUNE}&virkningstid=${JUNE}`)).toEqual([]);
  });

  test('what became known between two moments', async () => {
    const { registrering } = await town.read<{ registrering: { fra: string } }>(
      `organisationenheder/${id.right}`,
    );
    await town.bring([
      line('OrganisationEnhed', id.right, {
        egenskaber: [named({ enhedNavn: 'højre', brugervendtNoegle: 'right' })],
        gyldighed: [state('Aktiv')],
        relationer: { overordnet: [pointing(id.root)] },
      }),
    ]);
    const path = `aendringer?foerRegistreringstid=${registrering.fra}&virkningstid=${SEPTEMBER}`;
    expect(await town.all<Change>(path)).toEqual([
      {
        slags: 'Omdoebt',
        enhed: expect.objectContaining({ navn: 'højre' }),
        foer: { navn: 'right', brugervendtNoegle: 'right' },
        nu: { navn: 'højre', brugervendtNoegle: 'right' },
      },
    ]);
    const statusOf = async (query: string) => (await town.send('GET', `aendringer?${query}`)).status;
    expect(
      await Promise.all(
        [
          '',
          `foerVirkningstid=${JUNE}&slags=Alt`,
          `foerVirkningstid=${JUNE}&enhed=${randomUUID()}`,
          'foerVirkningstid=x',
        ].map(statusOf),
      ),
    ).toEqual([400, 400, 404, 400]);
  });
});
