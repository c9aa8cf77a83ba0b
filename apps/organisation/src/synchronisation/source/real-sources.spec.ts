import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseInstant } from '@stoettesystemer/object';
import { OPTIONS, all } from '../spec/made-up-file';
import { type Desired, isRefused } from './entry';
import { filesAt, openSource } from './open-source';
import { inOrder, survey } from './survey';

const ROOT = join(__dirname, '../../../../..');
const FOLDER = resolve(ROOT, process.env['TEST_DATA'] ?? '../shared/data', 'organisation');
const isThere = existsSync(FOLDER);
if (!isThere)
  console.warn(`Skipped: the real directories are not in ${FOLDER}; TEST_DATA names the folder above.`);
const withData = isThere ? describe : describe.skip;

const opened = async (path: string) => openSource(await filesAt(join(FOLDER, path)), OPTIONS);
const countsOf = (found: readonly Desired[]) => {
  const counts: Record<string, number> = {};
  for (const { type } of found) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
};
const desired = (entries: Awaited<ReturnType<typeof all>>): Desired[] =>
  entries.map((entry) => {
    if (isRefused(entry)) throw new Error(`${entry.place.file} ${entry.place.line}: ${entry.reason}`);
    return entry;
  });

withData('OS2mo’s demo municipality', () => {
  it('is read whole: 84 units in two trees, its classes and its systems', async () => {
    const source = await opened('os2mo-graphapi');
    const found = await survey(source, parseInstant('2026-01-01T00:00:00Z')!);
    const entries = desired(await all(source));
    expect(countsOf(entries)).toEqual({
      Klassifikation: 1,
      Facet: 18,
      Klasse: 96,
      Organisation: 1,
      OrganisationEnhed: 84,
      ItSystem: 5,
    });
    expect(found.units.mostRoots).toBe(2);
    const depth = new Map<string, number>();
    for (const { type, uuid, sections } of entries) {
      if (type !== 'OrganisationEnhed') continue;
      const [above] = sections.relationer?.['overordnet'] ?? [];
      const parent = (above?.['reference'] as { uuid: string } | undefined)?.uuid;
      // A parent comes before its children.
      depth.set(uuid, parent === undefined ? 0 : depth.get(parent)! + 1);
    }
    const levels = [0, 1, 2, 3, 4].map(
      (level) => [...depth.values()].filter((each) => each === level).length,
    );
    expect(levels).toEqual([2, 8, 16, 45, 13]);
  });

  it('says what it leaves out', async () => {
    const source = await opened('os2mo-graphapi');
    await all(source);
    expect(Object.fromEntries(source.omissions)).toEqual({
      'OrganisationEnhed: relationen niveau': 84,
      'OrganisationEnhed: relationen opgaver, som i OS2mo ikke er opgaver i KLE': 84,
    });
  });
});

withData('OS2mo’s objects, one in each file', () => {
  it('are read, with the person behind each user and the addresses that are URNs', async () => {
    const source = await opened('os2mo-oio-rest');
    const entries = desired(await all(source));
    expect(countsOf(entries)).toMatchInlineSnapshot(`
     {
       "Adresse": 5,
       "Bruger": 4,
       "Organisation": 1,
       "OrganisationEnhed": 7,
       "OrganisationFunktion": 15,
       "Person": 4,
     }
    `);
    const people = entries.filter(({ type }) => type === 'Person');
    const [donald] = people.filter(({ place }) => place.file === 'create_bruger_andersand.json');
    expect(donald!.sections.attributter!['egenskaber']).toEqual([
      {
        virkning: { fra: expect.stringMatching(/Z$/) as string, til: null },
        brugervendtNoegle: 'andersand',
        navn: expect.stringMatching(/^\w+ \w+$/) as string,
        cprNummer: expect.stringMatching(/^\d{10}$/) as string,
      },
    ]);
    // The name of the person is the person's alone.
    const users = JSON.stringify(entries.filter(({ type }) => type === 'Bruger'));
    expect(users).not.toContain(donald!.sections.attributter!['egenskaber']![0]!['navn']);
    expect(Object.fromEntries(source.omissions)).toMatchInlineSnapshot(`
     {
       "Bruger: brugertyper med en URN, der ikke er urn:oio": 2,
       "Organisation: myndighed med en URN, der ikke er urn:oio": 1,
       "OrganisationEnhed: relationen opmærkning": 3,
       "OrganisationFunktion: relationen opgaver, som i OS2mo ikke er opgaver i KLE": 5,
       "OrganisationFunktion: relationen primær": 2,
     }
    `);
  });

  it('keep the timeline of a unit that was edited often', async () => {
    const [file] = (await filesAt(join(FOLDER, 'os2mo-oio-rest'))).filter(
      ({ name }) => name === 'very-edited-unit.json',
    );
    const entries = desired(await all(await openSource([file!], OPTIONS)));
    const unit = entries.find(({ type }) => type === 'OrganisationEnhed')!;
    const names = unit.sections.attributter!['egenskaber']!.map(({ virkning, enhedNavn }) => [
      virkning,
      enhedNavn,
    ]);
    expect(names).toHaveLength(4);
    expect(unit.sections.relationer!['overordnet']).toHaveLength(2);
  });
});

withData('a nested tree', () => {
  it.each([
    ['os2opgavefordeler/miraclekoebing.json', 17],
    ['os2opgavefordeler/bootstrap-organization.json', 13],
  ])('%s has %d units under one root, and their people', async (path, units) => {
    const source = await opened(path);
    const found = await survey(source);
    const entries = desired(await all(source));
    const counts = countsOf(entries);
    expect(counts['OrganisationEnhed']).toBe(units);
    expect(found.units.mostRoots).toBe(1);
    expect(counts['Person']).toBe(counts['Bruger']);
    expect(counts['OrganisationFunktion']).toBeGreaterThan(0);
  });

  it('is the same each time', async () => {
    const source = await opened('os2opgavefordeler/miraclekoebing.json');
    const found = await survey(source);
    const uuids = async () => {
      const list: string[] = [];
      for await (const entry of inOrder(source, found)) if (!isRefused(entry)) list.push(entry.uuid);
      return list;
    };
    const first = await uuids();
    expect(new Set(first).size).toBe(first.length);
    expect(await uuids()).toEqual(first);
  });
});
