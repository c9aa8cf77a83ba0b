import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const README = join(__dirname, '../../../README.md');
const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

/** A document with the text between its markers, in place of what stood there. */
export function withSection(document: string, text: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md lacks ${BEGIN} … ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${document.slice(end)}`;
}

export const writeReadme = (text: string): void =>
  writeFileSync(README, withSection(readFileSync(README, 'utf8'), text));
