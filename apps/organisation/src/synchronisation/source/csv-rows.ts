import type { Place, SourceFile } from './entry';
import { SourceFault } from './source-fault';
import { type Encoding, strictText } from './strict-text';

/** One row: its cells, and where each of them begins. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly places: readonly Place[];
}

/** Characters of one cell. */
const LONGEST = 100_000;
const [QUOTE, BREAK, RETURN] = ['"', '\n', '\r'];

/** RFC 4180, a sign at a time. What separates is said by the first line: a semicolon where there is one, else a comma. */
class Reader {
  private separator: string | null = null;
  private line = 1;
  private column = 1;
  private cells: string[] = [];
  private places: Place[] = [];
  private cell = '';
  private begin: Place;
  private state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';

  constructor(private readonly file: string) {
    this.begin = this.here;
  }

  private get here(): Place {
    return { file: this.file, line: this.line, column: this.column };
  }

  *read(text: string): Generator<CsvRow> {
    // The header line is known whole before it is read, for what separates is seen in it.
    if (this.separator === null)
      this.separator = /^[^\n"]*;/.test(text) || /^"[^"]*";/.test(text) ? ';' : ',';
    for (const sign of text) {
      const row = this.take(sign);
      if (row) yield row;
      if (sign === BREAK) {
        this.line++;
        this.column = 1;
      } else this.column++;
    }
  }

  *end(): Generator<CsvRow> {
    if (this.state === 'quoted')
      throw new SourceFault(
        'csv',
        this.begin,
        'Et citationstegn bliver aldrig lukket; filen er nok ikke kommet helt med.',
      );
    if (this.cells.length > 0 || this.cell !== '' || this.state === 'closed') yield this.row();
  }

  private take(sign: string): CsvRow | null {
    if (this.state === 'quoted') {
      if (sign === QUOTE) this.state = 'closed';
      else this.keep(sign);
      return null;
    }
    if (sign === QUOTE && this.state === 'closed') {
      this.keep(QUOTE);
      this.state = 'quoted';
    } else if (sign === QUOTE && this.state === 'start') {
      this.begin = this.here;
      this.state = 'quoted';
    } else if (sign === this.separator) this.close();
    else if (sign === BREAK) return this.row();
    else if (sign === RETURN) return null;
    else if (this.state === 'closed' || sign === QUOTE)
      throw new SourceFault(
        'csv',
        this.here,
        'Citationstegnene passer ikke: en celle er enten helt i citationstegn eller slet ikke.',
      );
    else {
      if (this.state === 'start') this.begin = this.here;
      this.state = 'plain';
      this.keep(sign);
    }
    return null;
  }

  private keep(sign: string): void {
    this.cell += sign;
    if (this.cell.length > LONGEST)
      throw new SourceFault('csv', this.begin, 'En celle er længere, end der læses.');
  }

  private close(): void {
    this.cells.push(this.cell.trim());
    this.places.push(this.state === 'start' ? this.here : this.begin);
    this.cell = '';
    this.state = 'start';
  }

  private row(): CsvRow {
    this.close();
    const row = { cells: this.cells, places: this.places };
    [this.cells, this.places] = [[], []];
    return row;
  }
}

/** The rows of a CSV file, blank ones left out. @throws SourceFault where it is none. */
export async function* csvRows(file: SourceFile, encoding: Encoding): AsyncGenerator<CsvRow> {
  const reader = new Reader(file.name);
  let head: string | null = '';
  const isFilled = ({ cells }: CsvRow) => cells.some((cell) => cell !== '');
  for await (const text of strictText(file, encoding)) {
    if (head !== null) {
      head += text;
      if (!head.includes(BREAK)) continue;
    }
    const ready: string = head ?? text;
    head = null;
    for (const row of reader.read(ready)) if (isFilled(row)) yield row;
  }
  if (head) for (const row of reader.read(head)) if (isFilled(row)) yield row;
  for (const row of reader.end()) if (isFilled(row)) yield row;
}
