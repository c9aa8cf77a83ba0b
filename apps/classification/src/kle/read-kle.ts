import { EditionReader } from './edition-reader';
import type { KleEdition, KleEntry, KleHead } from './entry';
import { FaultList } from './fault';
import { depthOf } from './kle-number';
import { UuidListReader } from './uuid-list-reader';

export interface Progress {
  /** Bytes. */
  readonly read: number;
  /** Bytes; absent where nobody said. */
  readonly total?: number;
}

export interface ReadOptions {
  /** What is missing becomes a warning instead of an error, unless a class cannot exist without it. */
  readonly lempelig?: boolean;
  /** The size of the file, for the progress. */
  readonly totalBytes?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Bytes; 100 MiB unless told. The largest edition seen is 8 MB. */
  readonly maxBytes?: number;
}

/** Anything that hands out bytes, such as a file's or a request's stream. */
export type ByteSource = AsyncIterable<Uint8Array>;

interface Reader {
  write(text: string): void;
  take(): KleEntry[];
  end(): KleHead;
  refuse(kode: string, besked: string): never;
}

const MAX_BYTES = 100 << 20;
const SLICE = 64 << 10;
const START = { linje: 1, kolonne: 1 };

function* slicesOf(chunk: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < chunk.length; from += SLICE) yield chunk.subarray(from, from + SLICE);
}

/** Decodes strictly: what is not UTF-8, and a replacement sign that shows it once was not, is refused where it stands. */
class StrictText {
  // A byte order mark is taken away by the decoder.
  private readonly decoder = new TextDecoder();
  private reader?: Reader;

  constructor(
    private readonly readerFor: (start: string) => Reader,
    private readonly faults: FaultList,
  ) {}

  /** Without bytes, what is left of the last character. */
  write(bytes?: Uint8Array): Reader | undefined {
    const text = this.decoder.decode(bytes, { stream: bytes !== undefined });
    const broken = text.indexOf('\uFFFD');
    const sound = broken < 0 ? text : text.slice(0, broken);
    if (sound) {
      this.reader ??= this.readerFor(sound);
      this.reader.write(sound);
    }
    if (broken >= 0) this.refuse('tegnsaet', 'filen er ikke UTF-8');
    return this.reader;
  }

  end(): Reader {
    return this.write() ?? this.refuse('tom', 'filen er tom');
  }

  refuse(kode: string, besked: string): never {
    return this.reader ? this.reader.refuse(kode, besked) : this.faults.stop(kode, START, '', besked);
  }
}

async function scan(
  source: ByteSource,
  isComplete: boolean,
  onEntry: (entry: KleEntry) => void | Promise<void>,
  { lempelig = false, totalBytes, onProgress, maxBytes = MAX_BYTES }: ReadOptions,
): Promise<KleHead> {
  const faults = new FaultList();
  const handOut = async (reader: Reader | undefined): Promise<void> => {
    for (const entry of reader?.take() ?? []) await onEntry(entry);
  };
  const text = new StrictText(
    (start) =>
      start.trimStart().startsWith('<')
        ? new EditionReader(faults, lempelig)
        : new UuidListReader(faults, isComplete),
    faults,
  );
  let read = 0;
  for await (const chunk of source) {
    for (const slice of slicesOf(chunk)) {
      read += slice.length;
      if (read > maxBytes)
        text.refuse('stoerrelse', `filen er større end ${maxBytes.toLocaleString('da-DK')} byte`);
      await handOut(text.write(slice));
      onProgress?.({ read, total: totalBytes });
    }
  }
  const reader = text.end();
  const head = reader.end();
  await handOut(reader);
  faults.throwIfAny();
  return head;
}

/**
 * Reads any KLE file (Emneplan 2.0, REST 1.2 and 1.3, Handlingsfacetter 2.0, the UUID list) and hands out its entries
 * as they become complete, in the order of the file. Holds none of them.
 * Throws InvalidKle with every fault, possibly after entries have been handed out: what is made of them must be undone.
 */
export const scanKle = (
  source: ByteSource,
  onEntry: (entry: KleEntry) => void | Promise<void>,
  options: ReadOptions = {},
): Promise<KleHead> => scan(source, true, onEntry, options);

/** Reads any KLE file whole, a parent before its children. Throws InvalidKle with every fault, and then returns nothing. */
export async function readKle(source: ByteSource, options: ReadOptions = {}): Promise<KleEdition> {
  const entries: KleEntry[] = [];
  const head = await scan(
    source,
    true,
    (entry) => {
      entries.push(entry);
    },
    options,
  );
  // A list may stand in any order; the sort is stable, so that of the file is otherwise kept.
  if (head.format === 'UUID-liste') entries.sort((a, b) => depthOf(a.nr) - depthOf(b.nr));
  return { ...head, entries };
}

/** Official UUIDs (lower case) by number, of either facet or both. Throws InvalidKle. */
export async function readUuidList(
  source: ByteSource,
  options: ReadOptions = {},
): Promise<Map<string, string>> {
  const uuids = new Map<string, string>();
  await scan(
    source,
    false,
    ({ nr, uuid }) => {
      if (uuid) uuids.set(nr, uuid);
    },
    options,
  );
  return uuids;
}
