import type { Place, SourceFile } from './entry';
import { csvRows } from './csv-rows';
import { SourceFault } from './source-fault';
import type { Encoding } from './strict-text';

/** The columns of each kind of file; the first ones must be there. */
export const TABLES = {
  enheder: {
    required: ['noegle', 'navn', 'overordnet'],
    optional: ['enhedstype', 'kle', 'email', 'telefon', 'adresse', 'ean', 'fra', 'til'],
  },
  ansaettelser: {
    required: ['noegle', 'bruger', 'navn', 'enhed', 'stilling'],
    optional: ['leder', 'cpr', 'email', 'telefon', 'fra', 'til'],
  },
} as const;

export type TableName = keyof typeof TABLES;

/** A row by the names of its columns; a column that the file does not have is undefined. */
export interface TableRow {
  readonly place: Place;
  readonly wrong: string | null;
  text(column: string): string | undefined;
}

/** Danish letters and capitals in a header are no mistake. */
const folded = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll('ø', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('å', 'aa')
    .replaceAll(' ', '');

function tableOf(names: readonly string[], place: Place): TableName {
  const fits = (Object.keys(TABLES) as TableName[]).find((table) =>
    TABLES[table].required.every((column) => names.includes(column)),
  );
  if (!fits) {
    const wanted = Object.values(TABLES).map(({ required }) => required.join(', '));
    throw new SourceFault(
      'kolonner',
      place,
      `Første linje skal have kolonnerne ${wanted.join(' (enheder) eller ')} (ansættelser).`,
    );
  }
  return fits;
}

/** The columns of a file, and then its rows. @throws SourceFault for a column that is unknown, missing, or there twice. */
export async function* tableRows(
  file: SourceFile,
  encoding: Encoding,
): AsyncGenerator<{ table: TableName; has: ReadonlySet<string>; row: TableRow | null }> {
  let names: string[] | null = null;
  let table: TableName = 'enheder';
  let has: ReadonlySet<string> = new Set();
  for await (const { cells, places } of csvRows(file, encoding)) {
    const place = places[0]!;
    if (names === null) {
      names = cells.map(folded);
      table = tableOf(names, place);
      has = new Set(names);
      const known: readonly string[] = [...TABLES[table].required, ...TABLES[table].optional];
      const wrong = names.findIndex((name, at) => !known.includes(name) || names!.indexOf(name) < at);
      if (wrong >= 0)
        throw new SourceFault(
          'kolonner',
          places[wrong]!,
          `Kolonnen kendes ikke eller står to gange. Kolonnerne er: ${known.join(', ')}.`,
        );
      yield { table, has, row: null };
      continue;
    }
    const columns = names;
    const wrong =
      cells.length === columns.length
        ? null
        : `rækken har ${cells.length} celler, og der er ${columns.length} kolonner`;
    yield {
      table,
      has,
      row: {
        place,
        wrong,
        text: (column) => (has.has(column) ? (cells[columns.indexOf(column)] ?? '') : undefined),
      },
    };
  }
  if (names === null) throw new SourceFault('tom', { file: file.name, line: 1, column: 1 }, 'Filen er tom.');
}
