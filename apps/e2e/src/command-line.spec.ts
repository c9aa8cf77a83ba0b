import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, Client } from './spec/client';
import { newDataDir, Platform, ROOT } from './spec/platform';

const folder = join(process.env['TEST_DATA'] ?? join(ROOT, '../shared/data'), 'kle');
const extract = join(folder, 'KLE-Emneplan_2015-02-01_uddrag-3-hovedgrupper.xml');
const isThere = existsSync(extract);
if (!isThere) console.warn('KLE-filerne er ikke her (TEST_DATA); prøverne af den rigtige KLE springes over.');

let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start(newDataDir());
});
afterAll(() => platform.remove());

const importKle = (...args: string[]) => cli(platform, 'klassifikation', 'importer-kle', ...args);
const klasser = async (): Promise<number> => {
  const client = await Client.of(platform);
  return (await client.read<{ antal: number }>('klasser?antal=true&vis=uuid&virkning=alle')).antal;
};

test('without a command it lists them; with one that is none, or a word too many, it fails and says why', async () => {
  const help = await cli(platform);
  expect([help.code, help.stderr]).toEqual([0, '']);
  for (const name of ['token', 'klassifikation importer-kle', 'revisor']) expect(help.stdout).toContain(name);
  expect(await cli(platform, 'flyv')).toMatchObject({ code: 2, stdout: '' });
  expect(await cli(platform, 'token', '--cvr', '12345678')).toMatchObject({ code: 2, stdout: '' });
  const unknown = await cli(
    platform,
    'token',
    '--system',
    'x',
    '--service',
    'klassifikation',
    '--cvr',
    '12345678',
  );
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toContain('demo-fagsystem');
  expect(await importKle('findes-ikke.xml')).toMatchObject({ code: 1, stdout: '' });
});

test('token: one line, that opens the service for that municipality', async () => {
  const { code, stdout, stderr } = await cli(
    platform,
    'token',
    '--system',
    'demo-begraenset',
    '--service',
    'klassifikation',
    '--cvr',
    '12345678',
  );
  expect([code, stderr, stdout]).toEqual([0, '', expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)]);
  const answer = await fetch(`${platform.url}/klassifikation/v1/klasser`, {
    headers: { authorization: `Bearer ${stdout.trim()}` },
  });
  expect(answer.status).toBe(200);
});

test('importer-kle with a faulty file: the line and the column of each fault, and nothing is stored', async () => {
  const faulty = join(platform.dataDir, 'fejl.xml');
  writeFileSync(
    faulty,
    '<?xml version="1.0"?>\n<KLE-Emneplan>\n  <UdgivelsesDato>i går</UdgivelsesDato>\n  <Hovedgruppe/>\n</KLE-Emneplan>\n',
  );
  const { code, stdout, stderr } = await importKle(faulty);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/linje 3, kolonne \d+: /);
  expect(await klasser()).toBe(0);
});

(isThere ? describe : describe.skip)('importer-kle on the real extract', () => {
  const entries = isThere
    ? (readFileSync(extract, 'utf8').match(/<(HovedgruppeNr|GruppeNr|EmneNr)>/g) ?? [])
    : [];

  test('on trial: the counts, and nothing is stored', async () => {
    const { code, stdout } = await importKle(extract, '--valider', '--json');
    expect([code, (JSON.parse(stdout) as { antal: object }).antal]).toEqual([
      0,
      expect.objectContaining({ nye: entries.length }),
    ]);
    expect(await klasser()).toBe(0);
  });

  test('the counts on stdout, the progress on stderr; the same again changes nothing; and all of it hangs together', async () => {
    const first = await importKle(extract);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain(entries.length.toLocaleString('da-DK'));
    expect(first.stderr).toMatch(/skriver: \d+\/\d+/);
    expect(first.stdout).not.toContain('skriver');
    expect(await klasser()).toBe(entries.length);

    const again = await importKle(extract, '--json');
    expect((JSON.parse(again.stdout) as { antal: object }).antal).toMatchObject({
      nye: 0,
      aendrede: 0,
      uaendrede: entries.length,
    });
    const revised = await cli(platform, 'revisor');
    expect([revised.code, revised.stderr]).toEqual([0, '']);
    expect(revised.stdout).toContain('klassifikation');
  });
});
