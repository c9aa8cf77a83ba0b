import { fileOf, read } from '../spec/made-up-file';
import { isRefused } from './entry';

const POST = '11111111-1111-4111-8111-111111111111';
const TEACHER = '22222222-2222-4222-8222-222222222222';
const HEAD = '33333333-3333-4333-8333-333333333333';
const always = { from: '2017-01-01 00:00:00+00:00', to: 'infinity' };
const until = { from: '2017-01-01 00:00:00+00:00', to: '2020-01-01 00:00:00+00:00' };
const after = { from: '2020-01-01 00:00:00+00:00', to: '2022-01-01 00:00:00+00:00' };

const engagement = (opgaver: object[]) => ({
  id: POST,
  attributter: {
    organisationfunktionegenskaber: [
      { brugervendtnoegle: 'e', funktionsnavn: 'Engagement', virkning: always },
    ],
  },
  tilstande: { organisationfunktiongyldighed: [{ gyldighed: 'Aktiv', virkning: always }] },
  relationer: { opgaver },
});
const klasse = (id: string, titel: string) => ({
  id,
  attributter: { klasseegenskaber: [{ brugervendtnoegle: titel, titel, virkning: always }] },
  tilstande: { klassepubliceret: [{ publiceret: 'Publiceret', virkning: always }] },
  relationer: {},
});

async function namesOf(...objects: object[]): Promise<unknown[]> {
  const entries = await read([fileOf('mo.json', JSON.stringify({ results: [objects] }))]);
  const post = entries.find((entry) => !isRefused(entry) && entry.uuid === POST);
  if (!post || isRefused(post)) throw new Error('not read');
  return post.sections.attributter!['egenskaber']!.map(({ funktionNavn, virkning }) => {
    const { fra, til } = virkning as { fra: string; til: string | null };
    return [funktionNavn, fra.slice(0, 4), til?.slice(0, 4) ?? null];
  });
}

test('an employment is called what its class is, period by period, wherever the class stands', async () => {
  const tasks = [
    { uuid: TEACHER, virkning: until },
    { uuid: HEAD.toUpperCase(), virkning: after },
  ];
  expect(await namesOf(engagement(tasks), klasse(TEACHER, 'Lærer'), klasse(HEAD, 'Skoleleder'))).toEqual([
    ['Lærer', '2017', '2020'],
    ['Skoleleder', '2020', '2022'],
    ['Engagement', '2022', null],
  ]);
});

test('it keeps its name where it points at nothing, or at a class that is not in the source', async () => {
  expect(await namesOf(klasse(TEACHER, 'Lærer'), engagement([]))).toEqual([['Engagement', '2017', null]]);
  const tasks = [{ uuid: HEAD, virkning: always }];
  expect(await namesOf(klasse(TEACHER, 'Lærer'), engagement(tasks))).toEqual([['Engagement', '2017', null]]);
});
