import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { isUuid, Refusal } from '@stoettesystemer/object';
import { CsvSource } from './csv-source';
import { DirectoryObjects } from './directory-objects';
import type { Source, SourceFile } from './entry';
import { identityIn } from './identity';
import { LoraSource } from './lora-source';
import { NdjsonSource } from './ndjson-source';
import { strictText, type Encoding } from './strict-text';
import { UnitTreeSource } from './unit-tree';

export interface SourceOptions {
  readonly cvr: string;
  /** The source's name, as the municipality knows it. */
  readonly name: string;
  readonly form?: Source['form'];
  readonly encoding?: Encoding;
  /** From when a source without dates speaks. */
  readonly from: string;
  /** An organisation that is there already, and that the units belong to; left out, the source makes its own. */
  readonly organisation?: string;
}

const EXTENSIONS: ReadonlySet<string> = new Set(['.json', '.csv', '.ndjson', '.jsonl']);
const refused = (besked: string): Refusal => new Refusal(422, 'kilde', besked);

async function sourceFile(path: string): Promise<SourceFile> {
  const { size } = await stat(path);
  return { name: basename(path), size, open: () => createReadStream(path) };
}

/** The files that are meant by a path: itself, or all that can be read in a folder, by name. */
export async function filesAt(path: string): Promise<SourceFile[]> {
  const found = await stat(path).catch(() => null);
  if (!found) throw refused(`${path} kan ikke læses.`);
  if (!found.isDirectory()) return [await sourceFile(path)];
  const names = (await readdir(path)).filter((name) => EXTENSIONS.has(extname(name).toLowerCase())).sort();
  if (names.length === 0) throw refused(`Der er ingen JSON-, CSV- eller NDJSON-filer i ${path}.`);
  return Promise.all(names.map((name) => sourceFile(join(path, name))));
}

/** The form of a file, by its name and its first letters. */
async function formOf(file: SourceFile): Promise<Source['form']> {
  const extension = extname(file.name).toLowerCase();
  if (extension === '.csv') return 'csv';
  if (extension === '.ndjson' || extension === '.jsonl') return 'ndjson';
  let start = '';
  for await (const text of strictText(file)) {
    start += text;
    if (start.length > 2000) break;
  }
  return /"businessKey"\s*:/.test(start) ? 'enhedstrae' : 'os2mo';
}

/** @throws Refusal where they are of several forms. */
export async function formOfAll(files: readonly SourceFile[]): Promise<Source['form']> {
  const [form, ...others] = [...new Set(await Promise.all(files.map(formOf)))];
  if (form === undefined) throw refused('Der er ingen filer.');
  if (others.length === 0) return form;
  throw refused(
    `Filerne er af flere former: ${[form, ...others].join(', ')}. Sig med --form, hvilken der er ment.`,
  );
}

/** Opens files of one form as a source. */
export async function openSource(files: readonly SourceFile[], options: SourceOptions): Promise<Source> {
  const { organisation, from, name, cvr } = options;
  if (organisation !== undefined && !isUuid(organisation)) throw refused('--organisation skal være en UUID.');
  const identity = identityIn(cvr, name);
  const objects = new DirectoryObjects(identity, organisation?.toLowerCase() ?? identity('organisation', ''));
  const makesOrganisation = organisation === undefined;
  switch (options.form ?? (await formOfAll(files))) {
    case 'os2mo':
      return new LoraSource(files, identity);
    case 'enhedstrae':
      return new UnitTreeSource(files, objects, from, makesOrganisation);
    case 'ndjson':
      return new NdjsonSource(files);
    case 'csv':
      return new CsvSource(files, objects, {
        encoding: options.encoding ?? 'utf-8',
        from,
        makesOrganisation,
        organisationName: cvr,
      });
  }
}

/** Whether it says how things are now, and nothing of how they were. */
export async function isSnapshot(source: Source): Promise<boolean> {
  return source.form === 'enhedstrae' || (source instanceof CsvSource && (await source.isUndated()));
}
