import type { Entry, Source, SourceFile } from '../source/entry';
import { openSource, type SourceOptions } from '../source/open-source';
import { inOrder, survey } from '../source/survey';

/** A file that is only in memory, read in small pieces so that every piece ends in the middle of something. */
export const fileOf = (name: string, text: string | Uint8Array, size = 7): SourceFile => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return {
    name,
    size: bytes.length,
    async *open() {
      for (let from = 0; from < bytes.length; from += size) {
        await Promise.resolve();
        yield bytes.subarray(from, from + size);
      }
    },
  };
};

export const OPTIONS: SourceOptions = { cvr: '12345678', name: 'prøve', from: '2026-01-01T00:00:00Z' };

export async function all(source: Source): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const entry of inOrder(source, await survey(source))) found.push(entry);
  return found;
}

export const read = async (
  files: readonly SourceFile[],
  options: Partial<SourceOptions> = {},
): Promise<Entry[]> => all(await openSource(files, { ...OPTIONS, ...options }));
