import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { services } from './services';

const root = join(__dirname, '../..');
/** Where no type may be named (law 7): what a declaration cannot say is a word of the language or a rule of an app. */
const FOLDERS = ['libs/object/src', 'libs/access/src', 'libs/feed/src', 'libs/engine/src', 'libs/server/src'];

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !/(^|\/)spec\//.test(file))
    .map((file) => join(folder, file));

const names = Object.values(services).flatMap((types) => types.map(({ name }) => name));
/** A type's name as a value. In a comment or a Danish text it is only a word. */
const named = new RegExp(`(?<![\\w.])(['"\`])(?:${names.join('|')})\\1`);
const isComment = (line: string): boolean => /^\s*(\/\/|\/?\*)/.test(line);

const found = FOLDERS.flatMap((folder) => sources(join(root, folder))).flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at) =>
      named.test(line) && !isComment(line) ? [`${relative(root, file)}:${at + 1}: ${line.trim()}`] : [],
    ),
);
if (found.length > 0) {
  console.error(`Types are named where no type may be:\n${found.join('\n')}`);
  process.exitCode = 1;
}
