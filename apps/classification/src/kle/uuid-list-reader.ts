import type { KleEntry, KleHead } from './entry';
import type { FaultList, Position } from './fault';
import { niveauOf, parentOf } from './kle-number';
import { Numbering, UUID } from './numbering';
import { oneLine } from './title';

const HEADER = 'UUID;EmneNr;EmneTitel';
const LONGEST_ROW = 1 << 20;

interface Cell {
  readonly text: string;
  readonly kolonne: number;
}

/** The cells of a row, or null while a quoted one is not yet closed. Inside quotes, a quote is doubled. */
function cellsOf(row: string): Cell[] | null {
  const cells: Cell[] = [];
  for (let from = 0; from <= row.length;) {
    const quoted = /^"((?:[^"]|"")*)"(?=;|$)/.exec(row.slice(from));
    if (!quoted && /^"(?:[^"]|"")*$/.test(row.slice(from))) return null;
    const raw = quoted?.[0] ?? /^[^;]*/.exec(row.slice(from))?.[0] ?? '';
    cells.push({ text: quoted?.[1]?.replaceAll('""', '"') ?? raw, kolonne: from + 1 });
    from += raw.length + 1;
  }
  return cells;
}

/**
 * Makes entries of the list of official UUIDs, `UUID;EmneNr;EmneTitel`, while its text comes in; `take` fetches them.
 * The list holds what is in use, with nothing but titles.
 */
export class UuidListReader {
  private readonly numbering: Numbering;
  private ready: KleEntry[] = [];
  private pending = '';
  private searched = 0;
  private line = 1;
  private hasHeader = false;

  constructor(
    private readonly faults: FaultList,
    /** Whether every number's parent must be in the list: to make classes of it, but not to look UUIDs up. */
    private readonly isComplete: boolean,
  ) {
    this.numbering = new Numbering(faults);
  }

  write(text: string): void {
    this.pending += text;
    for (let end = this.nextBreak(); end >= 0; end = this.nextBreak()) this.offer(end);
    if (this.pending.length > LONGEST_ROW)
      this.faults.stop(
        'stoerrelse',
        { linje: this.line, kolonne: 1 },
        '',
        'linjen er længere end en million tegn',
      );
  }

  take(): KleEntry[] {
    const { ready } = this;
    this.ready = [];
    return ready;
  }

  end(): KleHead {
    const cells = cellsOf(this.pending.replace(/\r$/, ''));
    const here = { linje: this.line, kolonne: 1 };
    if (!cells) this.faults.stop('csv', here, '', 'et felt i anførselstegn slutter ikke');
    if (this.pending) this.row(cells);
    if (!this.hasHeader) this.faults.stop('csv', here, '', 'filen er tom');
    if (this.isComplete) this.numbering.checkList();
    const [facet = 'Emne'] = this.numbering.facets;
    return { format: 'UUID-liste', facet, felter: ['titel'], advarsler: this.faults.advarsler };
  }

  refuse(kode: string, besked: string): never {
    const lines = this.pending.split('\n');
    const at = { linje: this.line + lines.length - 1, kolonne: (lines.at(-1)?.length ?? 0) + 1 };
    return this.faults.stop(kode, at, '', besked);
  }

  private nextBreak(): number {
    return this.pending.indexOf('\n', this.searched);
  }

  /** Takes the row that ends at this line break, unless the break stands inside quotes. */
  private offer(end: number): void {
    const row = this.pending.slice(0, end).replace(/\r$/, '');
    const cells = cellsOf(row);
    if (!cells) {
      this.searched = end + 1;
      return;
    }
    this.row(cells);
    this.line += row.split('\n').length;
    this.pending = this.pending.slice(end + 1);
    this.searched = 0;
  }

  private row(cells: readonly Cell[]): void {
    const linje = this.line;
    if (cells.every(({ text }) => !text.trim())) return;
    if (!this.hasHeader) {
      if (cells.map(({ text }) => text.trim()).join(';') !== HEADER)
        this.faults.stop('csv', { linje, kolonne: 1 }, '', `første linje skal være ${HEADER}`);
      this.hasHeader = true;
      return;
    }
    const [uuid, nr, titel, extra] = cells;
    if (!uuid || !nr || !titel || extra) {
      this.faults.add('csv', { linje, kolonne: 1 }, '', `linjen har ${cells.length} felter, ikke 3`);
      return;
    }
    this.entry(uuid, nr, titel, linje);
  }

  private entry(uuid: Cell, nr: Cell, titel: Cell, linje: number): void {
    const at = (cell: Cell): Position => ({ linje, kolonne: cell.kolonne });
    const official = uuid.text.trim().toLowerCase();
    const number = nr.text.trim();
    const niveau = niveauOf(number);
    const name = oneLine(titel.text);
    if (!UUID.test(official))
      this.faults.add('uuid', at(uuid), '', `»${official.slice(0, 60)}« er ikke et UUID`);
    if (!niveau) this.faults.add('vaerdi', at(nr), '', `»${number.slice(0, 60)}« er ikke et KLE-nummer`);
    if (!name) this.faults.add('vaerdi', at(titel), '', `titlen på ${number} er tom`);
    if (!niveau) return;
    const entry: KleEntry = {
      nr: number,
      niveau,
      overordnet: parentOf(number),
      titel: name,
      vejledningHtml: '',
      rettet: [],
      afloestAf: [],
      filtre: [],
      stikord: [],
      retskilder: [],
      uuid: official,
      linje,
    };
    this.numbering.add(entry, at(nr), '');
    this.ready.push(entry);
  }
}
