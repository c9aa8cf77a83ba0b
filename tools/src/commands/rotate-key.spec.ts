import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../usage';
import { rotateKeyCommand } from './rotate-key';

const dataDir = mkdtempSync(join(tmpdir(), 'roter-'));
let said = '';
beforeAll(() => {
  process.env['DATA_DIR'] = dataDir;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterAll(() => {
  jest.restoreAllMocks();
  delete process.env['DATA_DIR'];
  rmSync(dataDir, { recursive: true });
});

const kids = (): (string | undefined)[] =>
  (
    JSON.parse(readFileSync(join(dataDir, 'adgangsstyring-jwks.json'), 'utf8')) as {
      keys: { kid?: string }[];
    }
  ).keys.map(({ kid }) => kid);

test('a next key that not everybody can know yet is not taken, but when the present one must not be believed', async () => {
  await expect(rotateKeyCommand.run([])).rejects.toMatchObject({ status: 409, kode: 'noegle_for_ny' });
  const [active, next] = kids();
  await rotateKeyCommand.run(['--kompromitteret']);
  expect(said).toContain(`Der underskrives nu med ${next}.\n`);
  expect(kids()[0]).toBe(next);
  expect(kids()).not.toContain(active);
});

test('a word too many is refused', async () => {
  await expect(rotateKeyCommand.run(['nu'])).rejects.toThrow(UsageError);
});
