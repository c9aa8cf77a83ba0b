import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const MANIFEST = join(__dirname, '../../../package.json');

/** What `npm start` gives Node: whatever is measured runs with the same. */
export function nodeFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}
