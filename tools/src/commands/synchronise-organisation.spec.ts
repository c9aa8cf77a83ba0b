import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DEMO_CLIENTS } from '@stoettesystemer/access';
import type { Refusal } from '@stoettesystemer/object';
import { demoToken } from '../demo-token';
import { runningPlatform, type RunningPlatform } from '../synchronising/spec/running-platform';
import { UsageError } from '../usage';
import { synchroniseOrganisationCommand } from './synchronise-organisation';

const FOLDER = resolve(
  join(__dirname, '../../..'),
  process.env['TEST_DATA'] ?? '../shared/data',
  'organisation',
);
const isThere = existsSync(FOLDER);
if (!isThere)
  console.warn(`Skipped: the real directories are not in ${FOLDER}; TEST_DATA names the folder above.`);
const withData = isThere ? describe : describe.skip;

let platform: RunningPlatform;
let folder: string;
const before = { ...process.env };
beforeAll(async () => {
  platform = await runningPlatform();
  folder = mkdtempSync(join(tmpdir(), 'kilde-'));
  process.env['DATA_DIR'] = platform.dataDir;
});
afterAll(async () => {
  process.env = before;
  rmSync(folder, { recursive: true });
  await platform.close();
});

interface Said {
  readonly out: string;
  readonly err: string;
  readonly cause: unknown;
}

/** The command, and all that it says. */
async function command(...args: string[]): Promise<Said> {
  let [out, err] = ['', ''];
  const stdout = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => ((out += String(text)), true));
  const stderr = jest
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => ((err += String(text)), true));
  try {
    await synchroniseOrganisationCommand.run([...args, '--adresse', platform.address]);
    return { out, err, cause: null };
  } catch (cause) {
    return { out, err, cause };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
}
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

async function found<T>(service: string, path: string, cvr: string): Promise<T> {
  const token = await demoToken(
    { system: 'demo-fagsystem', service, cvr },
    { address: platform.address, dataDir: platform.dataDir },
  );
  const answer = await fetch(`${platform.address}/${service}/v1/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  return (await answer.json()) as T;
}
interface Page {
  readonly data: readonly {
    readonly uuid: string;
    readonly ejer: string;
    readonly relationer: Readonly<Record<string, readonly { reference: { uuid: string } }[]>>;
  }[];
}

withData('OS2mo’s demo municipality', () => {
  const CVR = '87654321';
  const args = [join(FOLDER, 'os2mo-graphapi'), '--cvr', CVR];

  it('is not written by a strict system, which is told why, and nothing of it is', async () => {
    const shown = await command(...args);
    expect(shown.out).toMatch(/Kilden har 2 rødder i samme organisation.*--tolerant BEGRUNDELSE/);
    expect(shown.out).toMatch(/90 objekter i kilden: 90 nye.*\n.*Intet er skrevet/);
    expect(shown.cause).toBeNull();
    const refused = await command(...args, '--udfoer');
    expect(refused.cause).toMatchObject({ status: 422, kode: 'rod' });
    const { data } = await found<Page>('klassifikation', 'facetter?limit=500', CVR);
    expect(data.filter(({ ejer }) => ejer === CVR)).toEqual([]);
  });

  it('is written by a tolerant one: 84 units in two trees, classes and systems; and again nothing is', async () => {
    const first = await command(...args, '--udfoer', '--tolerant', 'OS2mo har to rødder.');
    expect([first.cause, first.out]).toEqual([null, expect.stringMatching(/skriver fra nu af tolerant/)]);
    expect(first.out).toMatch(/Klassifikation: 115 nye, 0 ændrede, 0 uændrede, 0 afviste\./);
    expect(first.out).toMatch(/90 objekter i kilden: 90 nye, 0 ændrede, 0 uændrede, 0 afviste\./);

    const dump = JSON.parse(readFileSync(join(FOLDER, 'os2mo-graphapi/org.json'), 'utf8')) as {
      results: { id: string }[][];
    };
    // There are other organisations in the municipality.
    const isIts = ({ relationer }: Page['data'][number]): boolean =>
      relationer['tilhoerer']?.[0]?.reference.uuid === dump.results[0]![0]!.id;
    const { data: all } = await found<Page>('organisation', 'organisationenheder?limit=500', CVR);
    const units = all.filter(isIts);
    const above = new Map(
      units.map(({ uuid, relationer }) => [uuid, relationer['overordnet']?.[0]?.reference.uuid]),
    );
    const depth = (uuid: string): number => {
      const parent = above.get(uuid);
      return parent === undefined ? 0 : depth(parent) + 1;
    };
    const depths = units.map(({ uuid }) => depth(uuid));
    expect([0, 1, 2, 3, 4].map((level) => depths.filter((each) => each === level).length)).toEqual([
      2, 8, 16, 45, 13,
    ]);

    const classes = await found<Page>('klassifikation', 'klasser?limit=500', CVR);
    const known = new Set(classes.data.map(({ uuid }) => uuid));
    const kinds = units
      .flatMap(({ relationer }) => relationer['enhedstype'] ?? [])
      .map(({ reference }) => reference.uuid);
    expect(kinds).toHaveLength(84);
    expect(kinds.filter((uuid) => !known.has(uuid))).toEqual([]);
    const systems = await found<Page>('organisation', 'itsystemer?limit=500', CVR);
    expect(systems.data.filter(isIts)).toHaveLength(5);

    const second = await command(...args, '--udfoer');
    expect(second.out).toMatch(/skriver tolerant/);
    expect(second.out).toMatch(/Klassifikation: 0 nye, 0 ændrede, 115 uændrede, 0 afviste\./);
    expect(second.out).toMatch(/90 objekter i kilden: 0 nye, 0 ændrede, 90 uændrede, 0 afviste\./);
    expect(second.cause).toBeNull();
  });
});

describe('tables of units and employments', () => {
  const CVR = '12345678';
  const units = (...rows: string[]) => file('enheder.csv', ['noegle;navn;overordnet', ...rows].join('\n'));
  const posts = (...rows: string[]) =>
    file('ansaettelser.csv', ['noegle;bruger;navn;cpr;enhed;stilling', ...rows].join('\n'));
  const args = ['--cvr', CVR, '--kilde', 'AD'];

  it('are shown, written, found unchanged, changed, and what is gone is ended, all told in words', async () => {
    const files = [
      units('A;Byen;', 'B;Skolen;A'),
      posts('1;b1;Test Testesen;6101900001;B;Lærer', '2;b2;Test Prøvesen;;A;Direktør'),
    ];
    const first = await command(...files, ...args, '--udfoer');
    expect([first.cause, first.out]).toEqual([null, expect.stringMatching(/9 objekter i kilden: 9 nye/)]);
    expect((await command(...files, ...args, '--udfoer')).out).toMatch(
      /0 nye, 0 ændrede, 9 uændrede, 0 afviste/,
    );
    const fewer = [units('A;Byen;', 'B;Skolerne;A'), posts('1;b1;Test Testesen;6101900001;B;Lærer')];
    const shown = await command(...fewer, ...args);
    expect(shown.out).toMatch(
      /Ændrede, OrganisationEnhed \(1\):\n {2}enheder.csv:3: \S+ »Skolerne« \(egenskaber\)/,
    );
    expect(shown.out).toMatch(/Ikke mere i kilden, OrganisationFunktion \(1\)/);
    const ended = await command(...fewer, ...args, '--udfoer', '--afslut-foraeldreloese');
    expect([ended.cause, ended.out]).toEqual([
      null,
      expect.stringMatching(/Afsluttede, OrganisationFunktion \(1\)/),
    ]);
    const said = [first, shown, ended].map(({ out, err }) => out + err).join('\n');
    expect(said).not.toMatch(/Testesen|Prøvesen|610190/);
  });

  it('are written by an it-system with its own key, and tokens that are bound to another', async () => {
    const key = join(platform.dataDir, 'demo/demo-fagsystem.jwk');
    const asItself = ['--klient', DEMO_CLIENTS['demo-fagsystem']!, '--noegle', key];
    const said = await command(units('A;Byen;'), '--cvr', CVR, '--kilde', 'eget', '--udfoer', ...asItself);
    expect([said.cause, said.out]).toEqual([null, expect.stringMatching(/2 objekter i kilden: 2 nye/)]);
  });

  it('with rows that are refused are written but for them, and it fails', async () => {
    const said = await command(units('A;Byen;', 'B;Skolen;A', 'C;Huset;X'), ...args, '--udfoer');
    expect(said.out).toMatch(
      /Afviste \(1\):\n {2}enheder.csv:4: \S+ – den overordnede enhed er ikke i kilden/,
    );
    expect(said.cause).toMatchObject({ status: 422, kode: 'afvist' });
  });

  it('that cannot be read change nothing, and the place is told', async () => {
    const bad = file('enheder.csv', 'noegle;navn;overordnet\nA;"Byen;\n');
    const { cause } = await command(bad, ...args, '--udfoer');
    expect((cause as Refusal).fejl).toEqual([expect.objectContaining({ linje: 2, kolonne: 3, kode: 'csv' })]);
  });
});

describe('what cannot be asked for', () => {
  it.each([
    ['no municipality', ['fil.csv']],
    ['no file', ['--cvr', '12345678']],
    ['a form that is unknown', ['fil.csv', '--cvr', '12345678', '--form', 'xml']],
    ['an encoding that is unknown', ['fil.csv', '--cvr', '12345678', '--tegnsaet', 'ebcdic']],
    ['a day that is none', ['fil.csv', '--cvr', '12345678', '--fra', '2026-02-30']],
    ['ending without writing', ['fil.csv', '--cvr', '12345678', '--afslut-foraeldreloese']],
    ['a key of nobody', ['fil.csv', '--cvr', '12345678', '--noegle', 'noegle.jwk']],
  ])('%s', async (_, args) => {
    expect((await command(...args)).cause).toBeInstanceOf(UsageError);
  });

  it('a file that is not there, and a municipality that the system has no agreement with', async () => {
    expect((await command(join(folder, 'ingen.csv'), '--cvr', '12345678')).cause).toMatchObject({
      status: 422,
    });
    const some = file('a.csv', 'noegle;navn;overordnet\nA;Byen;\n');
    expect((await command(some, '--cvr', '99999999')).cause).toMatchObject({ status: 403 });
  });
});
