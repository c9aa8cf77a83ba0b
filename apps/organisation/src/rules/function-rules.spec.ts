import { FUNCTION_TYPES } from '@stoettesystemer/model';
import {
  day,
  inactive,
  Municipality,
  outcomeOf,
  post,
  system,
  task,
  to,
  unit,
  user,
  type Virkning,
  years,
} from './spec/municipality';

let at: Municipality;
let of: string;
let units: string[];
let users: string[];
let itSystem: string;
beforeAll(async () => {
  at = await Municipality.open();
  const town = await at.town();
  of = town.organisation;
  units = [town.root, await at.under(town.root, of), await at.under(town.root, of)];
  users = [await at.made('brugere', user()), await at.made('brugere', user())];
  itSystem = await at.made('itsystemer', system());
});
afterAll(() => at.service.close());

type Type = keyof typeof FUNCTION_TYPES;
interface Parts {
  readonly enheder?: number;
  readonly brugere?: number;
  readonly systemer?: number;
  readonly organisationer?: number;
  readonly opgaver?: number;
}
const FULL: Readonly<Record<Type, Parts>> = {
  enhedsrolle: { enheder: 1, brugere: 1 },
  lederrolle: { enheder: 1, brugere: 1 },
  udbetalendeEnhed: { enheder: 1 },
  henvendelsessted: { enheder: 1, opgaver: 1 },
  systemrolle: { enheder: 1, systemer: 1 },
};

function relations(
  { enheder = 0, brugere = 0, systemer = 0, organisationer = 1, opgaver = 0 }: Parts,
  virkning?: Virkning,
) {
  return {
    tilknyttedeEnheder: to(units.slice(0, enheder), virkning),
    tilknyttedeBrugere: to(users.slice(0, brugere), virkning),
    tilknyttedeItSystemer: to(systemer === 0 ? [] : [itSystem], virkning),
    tilknyttedeOrganisationer: to(
      organisationer === 0 ? [] : organisationer === 1 ? [of] : [of, users[0]!],
      virkning,
    ),
    opgaver: ['27.35', '32.30'].slice(0, opgaver).map((number) => task(number, virkning)),
  };
}
const posted = (type: Type | null, parts: Parts) =>
  ({ method: 'POST', path: 'organisationfunktioner', body: post(type, relations(parts)) }) as const;

describe('what each type of function must, may and must not point at', () => {
  test.each<[Type, Parts]>([
    ...(Object.entries(FULL) as [Type, Parts][]),
    ['enhedsrolle', { enheder: 1 }],
    ['enhedsrolle', { enheder: 1, brugere: 2 }],
    ['lederrolle', { enheder: 1 }],
    ['systemrolle', { enheder: 3, systemer: 1 }],
    ['henvendelsessted', { enheder: 1, opgaver: 2, brugere: 1 }],
  ])('%s with %j is as it should be', async (type, parts) => at.keeps(posted(type, parts)));

  test.each<[string, Type | null, Parts]>([
    ['regel_2_type', null, { enheder: 1 }],
    ['regel_2_organisation', 'enhedsrolle', { enheder: 1, organisationer: 0 }],
    ['regel_2_organisation', 'systemrolle', { ...FULL.systemrolle, organisationer: 2 }],
    ['regel_2_enhed', 'enhedsrolle', { brugere: 1 }],
    ['regel_2_enhed', 'enhedsrolle', { enheder: 2 }],
    ['regel_2_enhed', 'lederrolle', { enheder: 2 }],
    ['regel_2_itsystem', 'enhedsrolle', { enheder: 1, systemer: 1 }],
    ['regel_2_itsystem', 'lederrolle', { enheder: 1, systemer: 1 }],
    ['regel_3_enhed', 'udbetalendeEnhed', {}],
    ['regel_3_enhed', 'udbetalendeEnhed', { enheder: 2 }],
    ['regel_4_enhed', 'henvendelsessted', { opgaver: 1 }],
    ['regel_4_enhed', 'henvendelsessted', { enheder: 2, opgaver: 1 }],
    ['regel_4_opgave', 'henvendelsessted', { enheder: 1 }],
    ['regel_6_enhed', 'systemrolle', { systemer: 1 }],
    ['regel_6_itsystem', 'systemrolle', { enheder: 1 }],
    ['regel_6_bruger', 'systemrolle', { ...FULL.systemrolle, brugere: 1 }],
  ])('%s: %s with %j is refused, or told of', async (kode, type, parts) =>
    at.breaks(kode, posted(type, parts)),
  );

  test('all its time: a post has no moment without its unit, and none with two', async () => {
    const body = (from: Virkning, then: Virkning) => ({
      method: 'POST' as const,
      path: 'organisationfunktioner',
      body: post('enhedsrolle', {
        tilknyttedeOrganisationer: to(of),
        tilknyttedeEnheder: [...to(units[1]!, from), ...to(units[2]!, then)],
      }),
    });
    await at.keeps(body(years(2000, 2030), years(2030)));
    await at.breaks('regel_2_enhed', body(years(2000, 2030), years(2031)), day(2030));
    await at.breaks('regel_2_enhed', body(years(2000, 2031), years(2030)), day(2030));
    await at.breaks('regel_2_enhed', body(years(2001, 2030), years(2030)), day(2000));
    const hair = { fra: '2030-01-01T00:00:00.000001Z', til: null };
    await at.breaks('regel_2_enhed', body(years(2000, 2030), hair), day(2030));
  });

  test('a post that has ended has nothing to point at', async () => {
    const uuid = await at.made('organisationfunktioner', post('enhedsrolle', relations(FULL.enhedsrolle)));
    const path = `organisationfunktioner/${uuid}`;
    const without = {
      tilknyttedeEnheder: [{ virkning: years(2030), reference: { uuid: units[0]! }, slut: true }],
    };
    expect(outcomeOf(await at.send({ method: 'PATCH', path, body: { relationer: without } }))).toEqual([
      422,
      'regel_2_enhed',
    ]);
    await at.keeps({ method: 'PATCH', path, body: { ...inactive(years(2030)), relationer: without } });
  });

  test('what was wrong before is no hindrance to a change of something else', async () => {
    const uuid = await at.made('organisationfunktioner', post('enhedsrolle', relations({})), false);
    const path = `organisationfunktioner/${uuid}`;
    const adresser = [
      { virkning: years(2000), rolle: 'Url', indeks: '1', reference: { urn: 'urn:oio:adresse:1' } },
    ];
    await at.keeps({ method: 'PATCH', path, body: { relationer: { adresser } } });
    const again = { tilknyttedeBrugere: to(users[1]!) };
    expect(outcomeOf(await at.send({ method: 'PATCH', path, body: { relationer: again } }))).toEqual([
      422,
      'regel_2_enhed',
    ]);
    await at.keeps({ method: 'PATCH', path, body: { relationer: { tilknyttedeEnheder: to(units[1]!) } } });
  });
});

describe('rule 4: no unit has two places to turn to with one subject', () => {
  const place = (...numbers: string[]) =>
    at.made(
      'organisationfunktioner',
      post('henvendelsessted', {
        ...relations({ enheder: 1 }),
        opgaver: numbers.map((number) => task(number)),
      }),
    );
  const referring = (places: readonly string[], virkning?: Virkning) =>
    ({
      method: 'POST',
      path: 'organisationenheder',
      body: unit({
        tilhoerer: to(of),
        overordnet: to(units[0]!),
        tilknyttedeFunktioner: to(places, virkning),
      }),
    }) as const;

  test.each([
    ['27.35', '27.35'],
    ['27', '27.35.04'],
    ['27.35.04', '27.35'],
  ])('%s and %s are one: a higher node covers those below it', async (one, two) => {
    const places = [await place(one), await place('99', two)];
    await at.breaks('regel_4_dobbelt', referring(places));
  });

  test.each([
    ['27.35', '27.36'],
    ['27.35.04', '27.35.05'],
  ])('%s and %s are two', async (one, two) => {
    await at.keeps(referring([await place(one), await place(two)]));
  });

  test('at one time: one after the other is as it should be', async () => {
    const [one, two] = [await place('27'), await place('27')];
    const both = (fra: number) => ({
      ...referring([]),
      body: unit({
        tilhoerer: to(of),
        overordnet: to(units[0]!),
        tilknyttedeFunktioner: [...to(one, years(2000, 2030)), ...to(two, years(fra))],
      }),
    });
    await at.keeps(both(2030));
    await at.breaks('regel_4_dobbelt', both(2029), day(2029));
  });

  test('nor by a place that takes on the subject of another', async () => {
    const [one, two] = [await place('27.35'), await place('28')];
    await at.keeps(referring([one, two]));
    const taking = (number: string, virkning: Virkning) =>
      ({
        method: 'PATCH',
        path: `organisationfunktioner/${two}`,
        body: { relationer: { opgaver: [task(number, virkning)] } },
      }) as const;
    await at.keeps(taking('27.36', years(2030)));
    await at.breaks('regel_4_dobbelt', taking('27', years(2030, 2031)), day(2030));
  });

  test('two places that take it on at once: one does', async () => {
    for (let round = 0; round < 4; round++) {
      const places = [await place('28'), await place('29')];
      await at.keeps(referring(places));
      const outcomes = await Promise.all(
        places.map((uuid) =>
          at.send({
            method: 'PATCH',
            path: `organisationfunktioner/${uuid}`,
            body: { relationer: { opgaver: [task('27.35')] } },
          }),
        ),
      );
      expect(outcomes.map(outcomeOf).sort()).toEqual([[200], [422, 'regel_4_dobbelt']]);
    }
  });
});

describe('rule 7: what has ended is not pointed at', () => {
  test('a post is not given to a user who has gone, nor does one go who has a post', async () => {
    const gone = await at.made('brugere', user());
    const held = { ...relations({ enheder: 1 }), tilknyttedeBrugere: to(gone) };
    const first = await at.made('organisationfunktioner', post('enhedsrolle', held));
    const leave = { method: 'PATCH', path: `brugere/${gone}`, body: inactive(years(2030)) } as const;
    expect(outcomeOf(await at.send(leave))).toEqual([422, 'regel_7_ophoert']);
    const ended = [{ virkning: years(2030), reference: { uuid: gone }, slut: true }];
    await at.keeps({
      method: 'PATCH',
      path: `organisationfunktioner/${first}`,
      body: { relationer: { tilknyttedeBrugere: ended } },
    });
    await at.keeps(leave);
    const late = post('enhedsrolle', {
      ...relations({ enheder: 1 }),
      tilknyttedeBrugere: to(gone, years(2029)),
    });
    await at.breaks(
      'regel_7_ophoert',
      { method: 'POST', path: 'organisationfunktioner', body: late },
      day(2030),
    );
    await at.breaks(
      'regel_7_ophoert',
      { method: 'PATCH', path: `brugere/${gone}`, body: inactive(years(2025)) },
      day(2026),
    );
  });
});

test('a problem tells the rule by its number, and where', async () => {
  const answer = await at.send(posted('enhedsrolle', {}));
  expect(JSON.parse(answer.text)).toMatchObject({
    status: 422,
    kode: 'regel_2_enhed',
    detail: 'Regel 2: En enhedsrolle eller lederrolle skal pege på præcis én enhed.',
    fejl: [{ sti: '/relationer/tilknyttedeEnheder', kode: 'regel_2_enhed' }],
  });
});
