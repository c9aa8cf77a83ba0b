import { randomUUID } from 'node:crypto';
import { FUNCTION_TYPES } from '@stoettesystemer/model';
import type { RunningService } from '@stoettesystemer/testing';
import { runningSynchronisation } from '../spec/running-synchronisation';
import { CVR, Directory, type Told } from '../spec/directory';

const FROM = { fra: '2020-01-01T00:00:00Z' };
let service: RunningService;
beforeAll(async () => {
  service = await runningSynchronisation();
});
afterAll(() => service.close());

const pointing = (uuid: string, virkning: object = FROM) => [{ virkning, reference: { uuid } }];
const inUse = { gyldighed: [{ virkning: FROM, vaerdi: 'Aktiv' }] };

/** A small municipality, and what is in it by name. */
function town() {
  const [organisation, root, school, user, person, post] = Array.from({ length: 6 }, () => randomUUID());
  const unit = (uuid: string, navn: string, over?: string) => ({
    objekttype: 'OrganisationEnhed',
    uuid,
    attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: uuid, enhedNavn: navn }] },
    tilstande: inUse,
    relationer: { tilhoerer: pointing(organisation!), overordnet: over === undefined ? [] : pointing(over) },
  });
  return {
    ids: {
      organisation: organisation!,
      root: root!,
      school: school!,
      user: user!,
      person: person!,
      post: post!,
    },
    organisation: {
      objekttype: 'Organisation',
      uuid: organisation,
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'By', organisationNavn: 'Byen' }] },
      tilstande: inUse,
      relationer: { overordnet: pointing(root!) },
    },
    unit,
    root: unit(root!, 'Byen'),
    school: unit(school!, 'Skolen', root!),
    person: {
      objekttype: 'Person',
      uuid: person,
      attributter: {
        egenskaber: [
          { virkning: FROM, brugervendtNoegle: 'p', navn: 'Test Testesen', cprNummer: '6101900001' },
        ],
      },
    },
    user: {
      objekttype: 'Bruger',
      uuid: user,
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'b1', brugerNavn: 'b1' }] },
      tilstande: inUse,
      relationer: { tilhoerer: pointing(organisation!), tilknyttedePersoner: pointing(person!) },
    },
    post: {
      objekttype: 'OrganisationFunktion',
      uuid: post,
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'f1', funktionNavn: 'Lærer' }] },
      tilstande: inUse,
      relationer: {
        funktionstype: pointing(FUNCTION_TYPES.enhedsrolle),
        tilknyttedeEnheder: pointing(school!),
        tilknyttedeBrugere: pointing(user!),
        tilknyttedeOrganisationer: pointing(organisation!),
      },
    },
  };
}
type Town = ReturnType<typeof town>;
const whole = ({ organisation, root, school, person, user, post }: Town): object[] => [
  organisation,
  root,
  school,
  person,
  user,
  post,
];

const jsonOf = async <T>(path: string, token?: string): Promise<T> => {
  const answer = await service.send('GET', `/organisation/v1/${path}`, token === undefined ? {} : { token });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return JSON.parse(answer.text) as T;
};
interface Found {
  readonly registrering: { readonly nummer: number };
  readonly tilstande: { readonly gyldighed?: readonly { vaerdi: string }[] };
  readonly relationer: Readonly<Record<string, readonly object[]>>;
  readonly attributter: { readonly egenskaber: readonly Record<string, unknown>[] };
}
const numberOf = async (path: string): Promise<number> => (await jsonOf<Found>(path)).registrering.nummer;
const registrations = async (): Promise<number> => {
  const { rows } = await service.database.run(
    { owner: CVR },
    {
      name: 'spec-registrations',
      text: `select count(*)::int as n from registration r join object o
      on o.owner = r.owner and o.id = r.object_id where o.type <> 'Synkronisering'`,
    },
  );
  return rows[0]!['n'] as number;
};
const handlings = ({ answers }: Told) => answers.slice(0, -1).map((each) => each['handling']);

describe('a run of a source', () => {
  it('shows the differences and writes nothing, until it is told to', async () => {
    const [directory, its] = [new Directory(service, 'tør'), town()];
    const before = await registrations();
    const told = await directory.run(whole(its));
    expect(told.last).toEqual({
      ...{ i_alt: 6, oprettet: 6, rettet: 0, uaendret: 0, afvist: 0, foraeldreloese: 0, lukket: 0 },
      ...{ resultat: 'Gennemfoert', udfoert: false },
    });
    expect(told.answers[1]).toEqual({
      linje: 2,
      uuid: its.ids.root,
      objekttype: 'OrganisationEnhed',
      handling: 'ny',
    });
    expect(await registrations()).toBe(before);
    expect((await service.send('GET', `/organisation/v1/synkroniseringer/${directory.uuid}`)).status).toBe(
      404,
    );
  });

  it('writes the differences, and the second time nothing', async () => {
    const [directory, its] = [new Directory(service, 'to gange'), town()];
    const first = await directory.run(whole(its), { udfoer: 'true' });
    expect(first.answers.filter((each) => each['handling'] === 'afvist')).toEqual([]);
    expect(first.last).toMatchObject({ oprettet: 6, afvist: 0, udfoert: true });
    const before = await registrations();
    const second = await directory.run(whole(its), { udfoer: 'true' });
    expect(second.last).toMatchObject({ oprettet: 0, rettet: 0, uaendret: 6, afvist: 0 });
    expect(handlings(second)).toEqual([]);
    expect(await registrations()).toBe(before);
  });

  it('is a registration of its source, with what it came to', async () => {
    const [directory, its] = [new Directory(service, 'status'), town()];
    await directory.run(whole(its), { udfoer: 'true' });
    await directory.run(whole(its), { udfoer: 'true' });
    const status = await jsonOf<Found>(`synkroniseringer/${directory.uuid}`);
    expect(status.registrering.nummer).toBe(2);
    expect(status.attributter.egenskaber).toEqual([
      expect.objectContaining({
        kilde: 'status',
        form: 'ndjson',
        resultat: 'Gennemfoert',
        oprettet: 0,
        uaendret: 6,
      }),
    ]);
    const { data } = await jsonOf<{ data: object[] }>(`synkroniseringer/${directory.uuid}/registreringer`);
    expect(data).toHaveLength(2);
  });

  it('changes only what is said otherwise, in the period it is said of', async () => {
    const [directory, its] = [new Directory(service, 'rettes'), town()];
    await directory.run(whole(its), { udfoer: 'true' });
    const later = its.unit(its.ids.school, 'Skolerne', its.ids.root);
    const told = await directory.run([its.organisation, its.root, later, its.person, its.user, its.post], {
      udfoer: 'true',
      gaelderFra: '2024-01-01T00:00:00Z',
    });
    expect(told.answers[0]).toMatchObject({ linje: 3, handling: 'aendret', aendret: ['egenskaber'] });
    expect(told.last).toMatchObject({ rettet: 1, uaendret: 5 });
    const { attributter } = await jsonOf<Found>(`organisationenheder/${its.ids.school}?virkning=alle`);
    expect(attributter.egenskaber.map(({ virkning, enhedNavn }) => [virkning, enhedNavn])).toEqual([
      [{ fra: FROM.fra, til: '2024-01-01T00:00:00Z' }, 'Skolen'],
      [{ fra: '2024-01-01T00:00:00Z', til: null }, 'Skolerne'],
    ]);
    expect(await numberOf(`organisationenheder/${its.ids.root}`)).toBe(1);
  });

  it('leaves what the source does not speak of', async () => {
    const [directory, its] = [new Directory(service, 'tier'), town()];
    await directory.run(whole(its), { udfoer: 'true' });
    const body = { relationer: { enhedstype: pointing(randomUUID()) } };
    const path = `/organisation/v1/organisationenheder/${its.ids.school}`;
    expect((await service.send('PATCH', path, { body, headers: { 'if-match': '"1"' } })).status).toBe(200);
    expect((await directory.run(whole(its), { udfoer: 'true' })).last).toMatchObject({
      rettet: 0,
      uaendret: 6,
    });
  });

  it('takes a tree from one shape to another that no order of single moves leads to', async () => {
    const [directory, its] = [new Directory(service, 'bytter'), town()];
    const [a, b] = [randomUUID(), randomUUID()];
    const over = its.unit(a, 'A', its.ids.root);
    const under = its.unit(b, 'B', a);
    await directory.run([...whole(its), over, under], { udfoer: 'true' });
    // A is under B from now on, and B where A was.
    const swapped = [its.unit(a, 'A', b), its.unit(b, 'B', its.ids.root)];
    const told = await directory.run([...whole(its), ...swapped], { udfoer: 'true' });
    expect(told.last).toMatchObject({ rettet: 2, afvist: 0 });
  });

  it('refuses a bad line with its number, and takes the others', async () => {
    const [directory, its] = [new Directory(service, 'en dårlig'), town()];
    const bad = {
      objekttype: 'OrganisationEnhed',
      uuid: randomUUID(),
      attributter: { egenskaber: [{ virkning: FROM }] },
    };
    const told = await directory.run([its.organisation, its.root, bad, its.school], { udfoer: 'true' });
    expect(told.last).toMatchObject({ oprettet: 3, afvist: 1 });
    expect(told.answers.filter((each) => each['handling'] === 'afvist')).toEqual([
      expect.objectContaining({ linje: 3, uuid: bad.uuid }),
    ]);
  });

  it('never repeats a name or a CPR number, not even of a person it refuses', async () => {
    const [directory, its] = [new Directory(service, 'hemmelig'), town()];
    const [egenskaber] = its.person.attributter.egenskaber;
    const bad = { ...its.person, attributter: { egenskaber: [{ ...egenskaber, cprNummer: '61019000012' }] } };
    const told = JSON.stringify([
      await directory.run([its.organisation, its.root, bad], { udfoer: 'true' }),
      await directory.run([its.organisation, its.root, its.person]),
    ]);
    expect(told).not.toMatch(/Testesen|6101900001/);
  });
});

describe('a source that is cut short', () => {
  it.each([
    ['without its last line', (lines: object[]) => lines],
    [
      'with fewer lines than it says',
      (lines: object[]) => [...lines, { slut: true, antal: lines.length + 1 }],
    ],
  ])('%s ends nothing, and is registered as broken off', async (_, cut) => {
    const [directory, its] = [new Directory(service, `afbrudt ${randomUUID()}`), town()];
    await directory.run(whole(its), { udfoer: 'true' });
    const told = await directory.sendLines(cut([its.organisation, its.root]), {
      ...{ udfoer: 'true', afslut: 'true', tving: 'true' },
    });
    expect(told.last).toMatchObject({ status: 400 });
    const status = await jsonOf<Found>(`synkroniseringer/${directory.uuid}`);
    expect(status.attributter.egenskaber).toEqual([expect.objectContaining({ resultat: 'Afbrudt' })]);
    expect(
      (await jsonOf<{ data: object[] }>(`synkroniseringer/${directory.uuid}/foraeldreloese`)).data,
    ).toEqual([]);
    expect(await numberOf(`organisationfunktioner/${its.ids.post}`)).toBe(1);
  });

  it('is taken up again by sending it again', async () => {
    const [directory, its] = [new Directory(service, 'igen'), town()];
    await directory.sendLines([its.organisation, its.root, its.school, its.person], { udfoer: 'true' });
    const told = await directory.run(whole(its), { udfoer: 'true' });
    expect(told.last).toMatchObject({ i_alt: 6, afvist: 0 });
    expect(await numberOf(`organisationfunktioner/${its.ids.post}`)).toBe(1);
  });
});

describe('what a source does not have any more', () => {
  const without = ({ organisation, root, school }: Town) => [organisation, root, school];

  it('is told of, and left alone', async () => {
    const [directory, its] = [new Directory(service, 'mangler'), town()];
    await directory.run(whole(its), { udfoer: 'true' });
    const told = await directory.run(without(its), { udfoer: 'true' });
    expect(told.last).toMatchObject({ foraeldreloese: 3, lukket: 0, resultat: 'Gennemfoert' });
    expect(told.answers.filter((each) => each['handling'] === 'mangler')).toHaveLength(3);
    expect(await numberOf(`organisationfunktioner/${its.ids.post}`)).toBe(1);
  });

  it('is listed by pages, and back when the source has it again', async () => {
    const [directory, its] = [new Directory(service, 'sider'), town()];
    const path = `synkroniseringer/${directory.uuid}/foraeldreloese`;
    await directory.run(whole(its), { udfoer: 'true' });
    await directory.run(without(its), { udfoer: 'true' });
    interface Page {
      readonly data: { uuid: string; objekttype: string; siden: string }[];
      readonly naeste: string | null;
    }
    const first = await jsonOf<Page>(`${path}?limit=2`);
    const second = await jsonOf<Page>(`${path}?limit=2&cursor=${first.naeste!}`);
    expect([...first.data, ...second.data].map(({ uuid }) => uuid).sort()).toEqual(
      [its.ids.person, its.ids.user, its.ids.post].sort(),
    );
    expect(second.naeste).toBeNull();
    const other = await service.token({ cvr: '87654321' });
    expect((await service.send('GET', `/organisation/v1/${path}`, { token: other })).status).toBe(404);
    const forged = `/organisation/v1/${path}?cursor=${first.naeste!.slice(0, -2)}AA`;
    expect((await service.send('GET', forged)).status).toBe(400);
    await directory.run(whole(its), { udfoer: 'true' });
    expect((await jsonOf<Page>(path)).data).toEqual([]);
  });

  it('shows nobody what they may not see', async () => {
    const [directory, its] = [new Directory(service, 'skjult'), town()];
    await directory.run(whole(its), { udfoer: 'true' });
    await directory.run(without(its), { udfoer: 'true' });
    const path = `synkroniseringer/${directory.uuid}/foraeldreloese`;
    const some = await service.tokenWith(['synkronisering:laes', 'organisationfunktion:laes']);
    expect((await jsonOf<{ data: object[] }>(path, some)).data).toEqual([
      expect.objectContaining({ uuid: its.ids.post, objekttype: 'OrganisationFunktion' }),
    ]);
    const restricted = await service.tokenAs(
      {},
      { constraints: { orgenhed: [{ rod: its.ids.root, undertrae: true }] } },
    );
    expect((await service.send('GET', `/organisation/v1/${path}`, { token: restricted })).status).toBe(404);
  });

  it('is ended from today on when that is asked for: out of use, and pointing at nothing', async () => {
    const [directory, its] = [new Directory(service, 'afsluttes'), town()];
    await directory.run(whole(its), { udfoer: 'true' });
    const told = await directory.run([its.organisation, its.root], { udfoer: 'true', afslut: 'true' });
    expect(told.answers.filter((each) => each['handling'] === 'afvist')).toEqual([]);
    // A person has nothing to end.
    expect(told.last).toMatchObject({ foraeldreloese: 4, lukket: 3, resultat: 'Gennemfoert' });
    for (const path of [`organisationfunktioner/${its.ids.post}`, `organisationenheder/${its.ids.school}`]) {
      const now = await jsonOf<Found>(path);
      expect(now.tilstande.gyldighed).toEqual([expect.objectContaining({ vaerdi: 'Inaktiv' })]);
      expect(Object.values(now.relationer).flat()).toEqual([]);
      const then = await jsonOf<Found>(`${path}?virkningstid=2021-01-01T00:00:00Z`);
      expect(then.tilstande.gyldighed).toEqual([expect.objectContaining({ vaerdi: 'Aktiv' })]);
      expect(Object.values(then.relationer).flat().length).toBeGreaterThan(0);
    }
    const again = await directory.run([its.organisation, its.root], { udfoer: 'true', afslut: 'true' });
    expect(again.last).toMatchObject({ foraeldreloese: 1, lukket: 0, rettet: 0 });
    const back = await directory.run(whole(its), { udfoer: 'true' });
    expect(back.last).toMatchObject({ rettet: 3, afvist: 0 });
    expect((await jsonOf<Found>(`organisationfunktioner/${its.ids.post}`)).tilstande.gyldighed).toEqual([
      expect.objectContaining({ vaerdi: 'Aktiv' }),
    ]);
  });

  it('is not ended where so much is gone that the source looks like half of itself, unless forced', async () => {
    const [directory, its] = [new Directory(service, 'halv'), town()];
    const many = Array.from({ length: 15 }, (_, n) => its.unit(randomUUID(), `Enhed ${n}`, its.ids.root));
    await directory.run([its.organisation, its.root, ...many], { udfoer: 'true' });
    const half = [its.organisation, its.root];
    const stopped = await directory.run(half, { udfoer: 'true', afslut: 'true' });
    expect(stopped.last).toMatchObject({ foraeldreloese: 15, lukket: 0, resultat: 'Standset' });
    const forced = await directory.run(half, { udfoer: 'true', afslut: 'true', tving: 'true' });
    expect(forced.last).toMatchObject({ lukket: 15, resultat: 'Gennemfoert' });
  });

  it('is not taken to be missing because its line could not be read', async () => {
    const [directory, its] = [new Directory(service, 'ulæselig'), town()];
    await directory.run(whole(its), { udfoer: 'true' });
    const told = await directory.run([its.organisation, its.root, { udeladt: [] }], {
      udfoer: 'true',
      afslut: 'true',
    });
    expect(told.last).toMatchObject({ afvist: 1, foraeldreloese: 4, lukket: 0, resultat: 'Standset' });
    const known = { udeladt: [its.ids.school, its.ids.person, its.ids.user, its.ids.post] };
    const named = await directory.run([its.organisation, its.root, known], {
      udfoer: 'true',
      afslut: 'true',
    });
    expect(named.last).toMatchObject({ afvist: 1, foraeldreloese: 0, lukket: 0, resultat: 'Gennemfoert' });
  });

  it('is no orphan while another source has it', async () => {
    const [first, second, its] = [
      new Directory(service, 'den ene'),
      new Directory(service, 'den anden'),
      town(),
    ];
    await first.run(whole(its), { udfoer: 'true' });
    await second.run(whole(its), { udfoer: 'true' });
    const told = await first.run(without(its), { udfoer: 'true', afslut: 'true' });
    expect(told.last).toMatchObject({ foraeldreloese: 0, lukket: 0 });
  });
});

describe('a wish that cannot be', () => {
  const directory = () => new Directory(service, 'ønsker');
  it.each([
    [{ kilde: '' }, 400],
    [{ form: 'xml' }, 400],
    [{ gaelderFra: '2024-01-01' }, 400],
    [{ graense: '101' }, 400],
    [{ udfoer: 'ja' }, 400],
    [{ afslut: 'true' }, 422],
  ])('%j is refused with %d', async (wish, status) => {
    const answer = await service.send('POST', directory().path(wish as Record<string, string>), {
      body: '',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(answer.status).toBe(status);
  });

  it('is for those who may import, and who may see names where there are persons', async () => {
    const reader = await service.tokenWith(['synkronisering:laes']);
    await expect(directory().run([], {}, reader)).rejects.toThrow(/^403/);
  });
});
