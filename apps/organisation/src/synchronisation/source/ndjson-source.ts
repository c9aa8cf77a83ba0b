import { organisationTypes } from '@stoettesystemer/model';
import { isUuid, Refusal } from '@stoettesystemer/object';
import { isObject, parseJson } from '@stoettesystemer/server';
import type { Sections } from '../differ/difference';
import type { Entry, Place, Source, SourceFile } from './entry';
import { SourceFault } from './source-fault';
import { strictText } from './strict-text';

/** Characters of one line; a service takes no longer one. */
const LONGEST = 1024 * 1024;
const TYPES: ReadonlySet<unknown> = new Set(organisationTypes.map(({ name }) => name));
const MEMBERS: ReadonlySet<string> = new Set([
  'objekttype',
  'uuid',
  'attributter',
  'tilstande',
  'relationer',
  'note',
]);

/** The lines of a text that comes in pieces. */
async function* linesOf(file: SourceFile): AsyncGenerator<{ text: string; line: number }> {
  let held = '';
  let line = 1;
  for await (const text of strictText(file)) {
    const pieces = (held + text).split('\n');
    held = pieces.pop()!;
    for (const piece of pieces) yield { text: piece, line: line++ };
    if (held.length > LONGEST)
      throw new SourceFault(
        'stoerrelse',
        { file: file.name, line, column: 1 },
        'Linjen er længere, end der læses.',
      );
  }
  yield { text: held, line };
}

/** Our own objects, one a line, as an import takes them. */
export class NdjsonSource implements Source {
  readonly form = 'ndjson';
  readonly isClosed = false;
  readonly omissions = new Map<string, number>();

  constructor(private readonly files: readonly SourceFile[]) {}

  async *entries(): AsyncIterable<Entry> {
    for (const file of this.files)
      for await (const { text, line } of linesOf(file))
        if (text.trim() !== '') yield entryOf(text, { file: file.name, line, column: 1 });
  }
}

function entryOf(text: string, place: Place): Entry {
  const refused = (reason: string, uuid?: string): Entry => ({
    place,
    reason,
    ...(uuid === undefined ? {} : { uuids: [uuid] }),
  });
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    return refused(`linjen er ikke gyldig JSON: ${cause.fejl[0]?.besked ?? ''}`);
  }
  if (!isObject(value)) return refused('linjen skal være et objekt');
  const { uuid, objekttype: type } = value;
  if (!isUuid(uuid)) return refused('uuid mangler eller er ikke en UUID');
  const own = uuid.toLowerCase();
  if (!TYPES.has(type)) return refused('objekttypen er ikke en af dem, Organisation har', own);
  const unknown = Object.keys(value).find((name) => !MEMBERS.has(name));
  if (unknown !== undefined) return refused('linjen har et medlem, der ikke kendes', own);
  const { attributter = {}, tilstande = {}, relationer = {} } = value;
  const sections = { attributter, tilstande, relationer } as Sections;
  return { place, type: String(type), uuid: own, sections };
}
