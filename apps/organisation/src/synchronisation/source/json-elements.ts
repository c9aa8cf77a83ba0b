import { parseJson } from '@stoettesystemer/server';
import { Refusal } from '@stoettesystemer/object';
import type { Place, SourceFile } from './entry';
import { SourceFault } from './source-fault';
import { strictText } from './strict-text';

/** One object of a JSON file, and where it begins. */
export interface JsonElement {
  readonly place: Place;
  readonly value: unknown;
}

/** Characters of one object. */
const LARGEST = 8 * 1024 * 1024;
const [OPENING, CLOSING] = ['{[', '}]'];

/** How deep the objects of a file lie: LoRa's answers are `{"results":[[…]]}`, a list is itself, and else there is one. */
const levelOf = (start: string): number =>
  /^\s*\{\s*"results"\s*:/.test(start) ? 3 : /^\s*\[/.test(start) ? 1 : 0;

/**
 * Cuts JSON text into the objects at one level. Of what stands around them a skeleton is kept, with a number in place of
 * each object, so that a file that is broken between two objects is found broken too.
 */
class Cutter {
  private depth = 0;
  private inString = false;
  private isEscaped = false;
  private line = 1;
  private column = 1;
  private skeleton = '';
  private held: string[] | null = null;
  private length = 0;
  private begin: Place;

  constructor(
    private readonly file: string,
    private readonly level: number,
  ) {
    this.begin = this.here;
  }

  private get here(): Place {
    return { file: this.file, line: this.line, column: this.column };
  }

  *cut(text: string): Generator<JsonElement> {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const sign = text[at]!;
      if (this.inString) this.pass(sign);
      else if (sign === '"') this.inString = true;
      else if (OPENING.includes(sign)) {
        if (this.depth === this.level && sign === '{') {
          this.skeleton += `${text.slice(start, at)}0`;
          this.begin = this.here;
          this.held = [];
          this.length = 0;
          start = at;
        }
        this.depth++;
      } else if (CLOSING.includes(sign)) {
        this.depth--;
        if (this.held && this.depth === this.level) {
          this.held.push(text.slice(start, at + 1));
          yield this.element(this.held.join(''));
          this.held = null;
          start = at + 1;
        }
      }
      if (sign === '\n') {
        this.line++;
        this.column = 1;
      } else this.column++;
    }
    this.keep(text.slice(start));
  }

  end(): void {
    if (this.depth > 0 || this.inString)
      throw new SourceFault('json', this.here, 'Filen slutter for tidligt; den er nok ikke kommet helt med.');
    this.parsed(this.skeleton, this.here);
  }

  private pass(sign: string): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (sign === '\\') this.isEscaped = true;
    else if (sign === '"') this.inString = false;
  }

  private keep(rest: string): void {
    if (!this.held) {
      this.skeleton += rest;
      if (this.skeleton.length > LARGEST)
        throw new SourceFault('json', this.here, 'Filen er ikke den ventede JSON.');
      return;
    }
    this.held.push(rest);
    this.length += rest.length;
    if (this.length > LARGEST)
      throw new SourceFault('stoerrelse', this.begin, 'Et objekt fylder mere, end der læses.');
  }

  private element(text: string): JsonElement {
    return { place: this.begin, value: this.parsed(text, this.begin) };
  }

  private parsed(text: string, place: Place): unknown {
    try {
      return parseJson(text);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      const [fault] = cause.fejl;
      throw new SourceFault(
        fault?.kode ?? 'json',
        place,
        `${fault?.sti ? `${fault.sti}: ` : ''}${fault?.besked ?? ''}`,
      );
    }
  }
}

/** The objects of a JSON file, one at a time. @throws SourceFault where it is not JSON. */
export async function* jsonElements(file: SourceFile): AsyncGenerator<JsonElement> {
  let cutter: Cutter | null = null;
  let start = '';
  for await (const text of strictText(file)) {
    if (cutter) {
      yield* cutter.cut(text);
      continue;
    }
    start += text;
    // Enough to tell the forms apart.
    if (start.trimStart().length < 40) continue;
    cutter = new Cutter(file.name, levelOf(start));
    yield* cutter.cut(start);
  }
  if (!cutter) {
    if (start.trim() === '')
      throw new SourceFault('tom', { file: file.name, line: 1, column: 1 }, 'Filen er tom.');
    cutter = new Cutter(file.name, levelOf(start));
    yield* cutter.cut(start);
  }
  cutter.end();
}
