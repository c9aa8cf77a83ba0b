import type { Readable } from 'node:stream';

/** One line of a stream, counted from 1; without bytes when it was longer than allowed. */
export interface Line {
  readonly number: number;
  readonly bytes: Buffer | null;
}

export interface LineLimits {
  /** Bytes of one line. */
  readonly lineSize: number;
  /** A batch ends at this many lines or bytes, or when the sender pauses. */
  readonly batchLines: number;
  readonly batchSize: number;
}

const NEWLINE = 0x0a;
const isBlank = (bytes: Buffer): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

/** Cuts chunks into lines. Keeps no more than one line's worth, however long the line turns out to be. */
class Cutter {
  private number = 1;
  private held: Buffer[] = [];
  private size = 0;

  constructor(private readonly lineSize: number) {}

  *cut(chunk: Buffer): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.hold(chunk.subarray(start, end));
      yield* this.end();
      start = end + 1;
    }
    this.hold(chunk.subarray(start));
  }

  /** The line so far; blank lines count, and are nothing. */
  *end(): Generator<Line> {
    const number = this.number++;
    const bytes =
      this.size > this.lineSize ? null : this.held.length === 1 ? this.held[0]! : Buffer.concat(this.held);
    this.held = [];
    this.size = 0;
    if (bytes === null || !isBlank(bytes)) yield { number, bytes };
  }

  private hold(piece: Buffer): void {
    this.size += piece.length;
    if (this.size > this.lineSize) this.held = [];
    else if (piece.length > 0) this.held.push(piece);
  }
}

/**
 * Lines in batches, as they come: a full batch, or what there is when nothing more has arrived, so that a sender who
 * waits for an answer before the next line gets one.
 */
export async function* batchesOf(source: Readable, limits: LineLimits): AsyncGenerator<Line[]> {
  const cutter = new Cutter(limits.lineSize);
  let batch: Line[] = [];
  let size = 0;
  const take = function* (lines: Iterable<Line>): Generator<Line[]> {
    for (const line of lines) {
      batch.push(line);
      size += line.bytes?.length ?? 0;
      if (batch.length < limits.batchLines && size < limits.batchSize) continue;
      yield batch;
      [batch, size] = [[], 0];
    }
  };
  for await (const chunk of source as AsyncIterable<Buffer>) {
    yield* take(cutter.cut(chunk));
    if (batch.length > 0 && source.readableLength === 0) {
      yield batch;
      [batch, size] = [[], 0];
    }
  }
  yield* take(cutter.end());
  if (batch.length > 0) yield batch;
}
