import type { RunningService } from '@stoettesystemer/testing';
import { emne, emneplan, gruppe, hovedgruppe } from '../kle/spec/made-up-edition';
import { runningClassification } from '../spec/running-classification';
import { jsonOf, outcomeOf, Town } from '../spec/town';

let service: RunningService;
let common: Town;
beforeAll(async () => {
  service = await runningClassification();
  common = new Town(service, { system: 'demo-faelles', cvr: '19435075' });
});
afterAll(() => service.close());

const edition = (titel: string, dato: string) =>
  emneplan(
    hovedgruppe('27', gruppe('27.18', emne('27.18.02', { titel }) + emne('27.18.04'))),
    undefined,
    dato,
  );
const load = (by: Town, body: string, query = '', type = 'application/xml') =>
  by.send('POST', `kle${query}`, body, { 'content-type': type });
interface Report {
  readonly antal: Record<string, number>;
  readonly aendrede: { nr: string; felter: { felt: string; foer: string; nu: string }[] }[];
}
const klasser = async () => (await common.read('klasser?limit=500&virkning=alle')).data;

// One after the other: the later tests stand on what the former have imported.
describe('KLE over HTTP', () => {
  test('is the common organisation’s to import, and nobody else’s', async () => {
    const town = new Town(service);
    expect(outcomeOf(await load(town, edition('Befordring', '2015-02-01')))).toEqual([403, 'faelles']);
    expect(await klasser()).toEqual([]);
  });

  test('with faults: 422 with the line and the column of each, and nothing is stored', async () => {
    const faulty = edition('Befordring', '2015-02-01').replace(
      '<EmneNr>27.18.04</EmneNr>',
      '<EmneNr>27.18</EmneNr>',
    );
    const answer = await load(common, faulty);
    expect(outcomeOf(answer)).toEqual([422, 'kle_ugyldig']);
    const { fejl } = jsonOf<{ fejl: { linje: number; kolonne: number; besked: string }[] }>(answer);
    expect(fejl.length).toBeGreaterThan(0);
    for (const { linje, kolonne, besked } of fejl) {
      expect([linje, kolonne].every((each) => Number.isInteger(each) && each > 0)).toBe(true);
      expect(besked).not.toBe('');
    }
    const cut = await load(common, faulty.slice(0, 300));
    expect(outcomeOf(cut)).toEqual([422, 'kle_ugyldig']);
    expect(await klasser()).toEqual([]);
  });

  test('on trial it is told what would happen, and nothing is stored', async () => {
    const answer = await load(common, edition('Befordring', '2015-02-01'), '?valider=kun');
    expect([answer.status, jsonOf<Report>(answer).antal]).toEqual([200, expect.objectContaining({ nye: 4 })]);
    expect(await klasser()).toEqual([]);
    expect(outcomeOf(await load(common, '', '?valider=ja'))[0]).toBe(400);
    expect(outcomeOf(await load(common, '{}', '', 'application/json'))[0]).toBe(415);
  });

  test('is imported once, and a later edition is told as what it changed', async () => {
    const first = await load(common, edition('Befordring', '2015-02-01'));
    expect([first.status, jsonOf<Report>(first).antal]).toEqual([
      200,
      expect.objectContaining({ iFilen: 4, nye: 4 }),
    ]);
    const again = await load(common, edition('Befordring', '2015-02-01'));
    expect(jsonOf<Report>(again).antal).toMatchObject({ iFilen: 4, uaendrede: 4, nye: 0, aendrede: 0 });
    const later = jsonOf<Report>(await load(common, edition('Kørsel af elever', '2015-08-01')));
    expect(later.antal).toMatchObject({ uaendrede: 3, aendrede: 1, nye: 0 });
    expect(later.aendrede).toMatchObject([
      { nr: '27.18.02', felter: [{ felt: 'titel', foer: 'Befordring', nu: 'Kørsel af elever' }] },
    ]);
    expect(await klasser()).toHaveLength(4);
  });

  test('is read by every municipality, by its number, with the title of the day', async () => {
    const town = new Town(service, { cvr: '87654321' });
    const titleOn = async (day: string) => {
      const path = `opslag?klassifikation=KLE&facet=Emne&klasse=27.18.02&virkningstid=${day}T12:00:00Z`;
      const { data } = await town.read<{ data: [{ attributter: { egenskaber: [{ titel: string }] } }] }>(
        path,
      );
      return data[0].attributter.egenskaber[0].titel;
    };
    expect([await titleOn('2015-03-01'), await titleOn('2015-09-01')]).toEqual([
      'Befordring',
      'Kørsel af elever',
    ]);
  });
});
