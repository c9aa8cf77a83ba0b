import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ask, type AsOf, migrate, ObjectStore } from '@stoettesystemer/engine';
import { classificationTypes, Klasse } from '@stoettesystemer/model';
import { parseInstant } from '@stoettesystemer/object';
import { callerOf, testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { readUuidList } from '../kle/read-kle';
import { classificationRules } from '../rules';
import { TreeReader } from '../tree/tree-reader';
import { importKle } from './kle-import';
import { KleRegister } from './kle-register';

const folder = join(process.env['TEST_DATA'] ?? join(__dirname, '../../../../../shared/data'), 'kle');
const whole = join(folder, 'KLE-Emneplan_Version2-0_2015-08-01.xml');
const extract = join(folder, 'KLE-Emneplan_2015-02-01_uddrag-3-hovedgrupper.xml');
const isThere = existsSync(whole);
if (!isThere) console.warn('KLE-filerne er ikke her (TEST_DATA); prøverne af den rigtige KLE springes over.');
const withFiles = isThere ? describe : describe.skip;

const at = (virkning: string, registrering?: bigint): AsOf => ({
  virkning: { at: parseInstant(virkning)! },
  registrering: registrering === undefined ? 'nu' : { at: registrering },
});

withFiles('the import of KLE into Klassifikation', () => {
  let db: TestDatabase;
  let store: ObjectStore;
  const caller = callerOf({ service: 'klassifikation', owner: '19435075', types: classificationTypes });
  const ask = (): Ask => ({ caller, transaction: randomUUID() });
  const run = (file: string) => importKle(store, ask(), createReadStream(file), { day: '2020-01-01' });
  const register = () => new KleRegister(store, ask());
  const count = async (virkning: string) => {
    const [hovedgrupper, grupper, emner] = await Promise.all(
      ['Hovedgruppe', 'Gruppe', 'Emne'].map(async (niveau) => {
        const udtryk = {
          og: [
            { felt: 'niveau', lig: niveau },
            { felt: 'publiceretStatus', lig: 'Publiceret' },
          ],
        };
        const page = await store.search(
          ask(),
          Klasse,
          { udtryk, sorter: [], vis: 'uuid', limit: 1, cursor: null, antal: true },
          at(virkning),
        );
        return page.antal;
      }),
    );
    return [hovedgrupper, grupper, emner];
  };

  beforeEach(async () => {
    db = await testDatabase({ service: 'klassifikation', migrate, size: 10 });
    store = new ObjectStore(db.database, {
      service: 'klassifikation',
      types: classificationTypes,
      rules: classificationRules,
      secret: randomBytes(32),
      pseudonymKey: createSecretKey(randomBytes(32)),
    });
  });
  afterEach(async () => db.drop());

  it('stores every number with its periods, and the same file again changes nothing', async () => {
    const first = await run(whole);
    expect(first.antal).toMatchObject({ iFilen: 4189, nye: 4189 });
    const levels = [...(await register().read('Emne')).values()].map(({ snapshot }) => snapshot.niveau);
    expect(
      ['Hovedgruppe', 'Gruppe', 'Emne'].map((niveau) => levels.filter((level) => level === niveau).length),
    ).toEqual([41, 691, 3457]);
    expect(await count('2015-09-01T00:00:00+02:00')).toEqual([36, 480, 2136]);

    const again = await run(whole);
    expect(again.antal).toMatchObject({ iFilen: 4189, uaendrede: 4189, nye: 0, aendrede: 0 });
    const numbers = [...(await register().read('Emne')).values()].map(({ number }) => number);
    expect(numbers.every((number) => number === 1)).toBe(true);

    // The trees of hovedgruppe 27 differ as the file's own dates say.
    const entries = await register().read('Emne');
    const root = entries.get('27')!.uuid;
    const reader = new TreeReader(store);
    for (const day of ['2010-01-01', '2015-09-01']) {
      const tree = await reader.ofKlasse(ask(), root, at(`${day}T12:00:00Z`), {
        depth: 9,
        unpublished: false,
      });
      const shown: string[] = [];
      const walk = (node: { brugervendtNoegle: string; underordnede?: readonly object[] }): void => {
        shown.push(node.brugervendtNoegle);
        for (const child of node.underordnede ?? []) walk(child as typeof node);
      };
      walk(tree);
      const expected = [...entries.values()]
        .map(({ snapshot }) => snapshot)
        .filter(
          ({ nr, oprettet = '', udgaaet, flyttet }) =>
            nr.startsWith('27') && oprettet <= day && (udgaaet ?? flyttet ?? '9999') > day,
        );
      expect(shown.sort()).toEqual(expected.map(({ nr }) => nr).sort());
    }
  }, 180_000);

  it('answers with the old title before a rename and for what was known before it', async () => {
    await run(extract);
    const before = await register().read('Emne');
    const report = await run(whole);
    const renamed = report.aendrede.filter(({ felter }) => felter.some(({ felt }) => felt === 'titel'));
    expect(before.size).toBe(120);
    expect(renamed.length).toBeGreaterThan(0);
    for (const { nr, felter } of renamed) {
      const { foer, nu } = felter.find(({ felt }) => felt === 'titel')!;
      const { uuid } = before.get(nr)!;
      const titles = async (when: AsOf) => {
        const { body } = await store.read(ask(), Klasse, uuid, when);
        const { attributter } = JSON.parse(body) as { attributter: { egenskaber: { titel: string }[] } };
        return attributter.egenskaber.map(({ titel }) => titel);
      };
      const [second] = await store.history(ask(), Klasse, uuid, { limit: 1, before: 3 });
      const known = parseInstant(second!.from)! - 1n;
      expect(await titles(at('2015-01-15T12:00:00Z'))).toEqual([foer]);
      expect(await titles(at('2015-09-01T12:00:00Z'))).toEqual([nu]);
      expect(await titles(at('2015-09-01T12:00:00Z', known))).toEqual([foer]);
    }
  }, 180_000);

  it('writes nothing of a file with faults, and says where they are', async () => {
    const broken = readFileSync(extract, 'utf8')
      .replace('<EmneTitel>', '<EmneTittel>')
      .replace('</EmneTitel>', '</EmneTittel>');
    const reading = importKle(
      store,
      ask(),
      (async function* () {
        yield Buffer.from(broken);
      })(),
      { day: '2020-01-01' },
    );
    await expect(reading).rejects.toMatchObject({
      fejl: expect.arrayContaining([
        expect.objectContaining({ linje: expect.any(Number), kolonne: expect.any(Number) }),
      ]),
    });
    expect((await register().read('Emne')).size).toBe(0);
  });

  it('refuses an edition older than the one it follows, unless told', async () => {
    await run(whole);
    await expect(run(extract)).rejects.toMatchObject({ status: 409, kode: 'aeldre_udgave' });
    const numbers = [...(await register().read('Emne')).values()].map(({ number }) => number);
    expect(numbers.every((number) => number === 1)).toBe(true);
    const report = await importKle(store, ask(), createReadStream(extract), {
      day: '2020-01-01',
      older: true,
      validateOnly: true,
    });
    expect(report.antal.aendrede).toBeGreaterThan(0);
  }, 180_000);

  it('takes the handlingsfacetter from the list, with their official UUIDs', async () => {
    const file = join(folder, 'KLE-Handlingsfacetter-uuid.csv');
    await run(file);
    const facets = [...(await register().read('Handlingsfacet')).values()];
    const official = await readUuidList(createReadStream(file));
    expect(facets.filter(({ snapshot }) => snapshot.niveau === 'HandlingsfacetKategori')).toHaveLength(7);
    expect(facets.filter(({ snapshot }) => snapshot.niveau === 'Handlingsfacet')).toHaveLength(69);
    expect(facets.every(({ uuid, snapshot }) => official.get(snapshot.nr) === uuid)).toBe(true);
  }, 60_000);
});
