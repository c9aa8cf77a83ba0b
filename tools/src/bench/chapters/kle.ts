import { existsSync, mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { alone } from '../figure';
import { ended, startProgram } from '../program';
import type { Chapter } from './chapter';

const FILE = 'kle/KLE-Emneplan_Version2-0_2015-08-01.xml';

/** A whole edition of KLE by the command line into an empty data folder, where the edition is at hand (TEST_DATA). */
export const kle: Chapter = {
  name: 'kle',
  async run({ place }) {
    const folder = process.env['TEST_DATA'];
    const file = resolve(folder ?? '', FILE);
    if (folder === undefined || !existsSync(file)) {
      console.error(`KLE springes over: ${FILE} er ikke i den mappe, som TEST_DATA nævner.`);
      return [];
    }
    const dataDir = mkdtempSync(join(place.folder, 'kle-'));
    const args = ['klassifikation', 'importer-kle', file];
    const begin = performance.now();
    await ended(startProgram('tools/dist/cli.js', args, { DATA_DIR: dataDir }));
    const first = (performance.now() - begin) / 1000;
    const again = performance.now();
    await ended(startProgram('tools/dist/cli.js', args, { DATA_DIR: dataDir }));
    return [
      alone({ name: 'import of a whole edition of KLE by the command line, empty data folder', unit: 's' }, [
        first,
      ]),
      alone({ name: 'the same edition once more', unit: 's' }, [(performance.now() - again) / 1000]),
    ];
  },
};
