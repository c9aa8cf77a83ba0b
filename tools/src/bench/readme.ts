import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const README = join(__dirname, '../../../README.md');
const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

/** Puts a text between the README's markers, in place of what stands there. */
export function writeReadme(text: string): void {
  const present = readFileSync(README, 'utf8');
  const begin = present.indexOf(BEGIN);
  const end = present.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md lacks ${BEGIN} … ${END}`);
  writeFileSync(README, `${present.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${present.slice(end)}`);
}
