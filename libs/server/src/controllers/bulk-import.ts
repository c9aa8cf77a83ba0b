import { Readable } from 'node:stream';
import type { Ask, BulkItem, BulkResult, ObjectStore } from '@stoettesystemer/engine';
import { Refusal } from '@stoettesystemer/object';
import { faultsOf } from '../answer/problem';
import { refusalOf } from '../answer/refusal-of';
import type { ImportLines } from '../intake/import-line';
import { batchesOf, type Line } from '../intake/lines';
import { limits } from '../settings';

/** The last line of an import's answer (contract §5). */
export interface Tally {
  i_alt: number;
  oprettet: number;
  rettet: number;
  uaendret: number;
  afvist: number;
}

const COUNTED: Readonly<Record<BulkResult['outcome'], Exclude<keyof Tally, 'i_alt'>>> = {
  oprettet: 'oprettet',
  importeret: 'rettet',
  rettet: 'rettet',
  passiveret: 'rettet',
  slettet: 'rettet',
  uaendret: 'uaendret',
  afvist: 'afvist',
};

interface Prepared {
  readonly items: readonly BulkItem[];
  readonly refused: readonly (readonly [line: number, refusal: Refusal])[];
}

const textOf = ({ line: linje, uuid, status, outcome, fejl }: BulkResult): string =>
  JSON.stringify({ linje, ...(uuid ? { uuid } : {}), status, ...(outcome === 'afvist' ? { fejl } : {}) });

const asResult = ([line, refusal]: readonly [number, Refusal]): BulkResult => {
  const fejl = faultsOf(refusal);
  const own = { sti: '', kode: refusal.kode, besked: refusal.detail };
  return { line, uuid: '', status: refusal.status, outcome: 'afvist', fejl: fejl.length > 0 ? fejl : [own] };
};

export interface BulkImport {
  readonly store: Pick<ObjectStore, 'bulk'>;
  readonly lines: ImportLines;
  readonly ask: Ask;
  readonly validateOnly: boolean;
}

function prepare(lines: ImportLines, batch: readonly Line[]): Prepared {
  const items: BulkItem[] = [];
  const refused: [number, Refusal][] = [];
  for (const line of batch) {
    try {
      items.push(lines.item(line));
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      refused.push([line.number, cause]);
    }
  }
  return { items, refused };
}

/**
 * The answer, a line for a line, and the tally. While the database writes one batch the next is read and checked; no
 * more than those two are held. Pulled by the reader of the answer, so one who reads slowly slows the whole import.
 */
async function* answersTo(
  source: Readable,
  { store, lines, ask, validateOnly }: BulkImport,
): AsyncGenerator<string> {
  const tally: Tally = { i_alt: 0, oprettet: 0, rettet: 0, uaendret: 0, afvist: 0 };
  const write = async ({ items, refused }: Prepared): Promise<string> => {
    const written = items.length > 0 ? await store.bulk(ask, items, { validateOnly }) : [];
    const results = [...written, ...refused.map(asResult)].sort((a, b) => a.line - b.line);
    for (const { outcome } of results) {
      tally.i_alt++;
      tally[COUNTED[outcome]]++;
    }
    return results.map((result) => `${textOf(result)}\n`).join('');
  };
  const batches = batchesOf(source, limits.import);
  const prepared = async (): Promise<Prepared | null> => {
    const { done, value } = await batches.next();
    return done ? null : prepare(lines, value);
  };
  try {
    for (let next = prepared(), current = await next; current !== null; current = await next) {
      next = prepared();
      // Awaited in the next round; until then a failure must not count as one that nobody looks at.
      next.catch(() => undefined);
      yield await write(current);
    }
  } finally {
    source.destroy();
  }
  yield `${JSON.stringify(tally)}\n`;
}

/**
 * Where the database fails under way, the last line says so, the tally is left out, and the connection is broken:
 * an answer that was cut short must not look whole.
 */
async function* untilFailure(
  source: Readable,
  bulk: BulkImport,
  failed: (cause: unknown) => void,
): AsyncGenerator<string> {
  try {
    yield* answersTo(source, bulk);
  } catch (cause) {
    failed(cause);
    const { status, kode, detail } = refusalOf(cause);
    yield `${JSON.stringify({ status, fejl: [{ sti: '', kode, besked: detail }] })}\n`;
    throw cause;
  }
}

/** The answer to an import as a stream; `failed` hears why it ended before the tally. */
export const bulkAnswers = (source: Readable, bulk: BulkImport, failed: (cause: unknown) => void): Readable =>
  Readable.from(untilFailure(source, bulk, failed), { objectMode: true, highWaterMark: 2 });
