import { isUtf8 } from 'node:buffer';
import { malformed, type Refusal } from '@stoettesystemer/object';

const MAX_DEPTH = 32;
/** Members of one object. */
const MAX_MEMBERS = 1000;
const POLLUTERS = new Set(['__proto__', 'constructor', 'prototype']);

const [QUOTE, BACKSLASH, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x2d, 0x30, 0x39];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST, COLON, COMMA] = [0x7b, 0x7d, 0x5b, 0x5d, 0x3a, 0x2c];

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u([0-9a-fA-F]{4}))/y;
const LITERAL = /true|false|null/y;
/** Up to the next quote, backslash, or control character, which JSON does not let stand in a string. */
const PLAIN = /[^"\\\u0000-\u001f]*/y;

/**
 * Checks JSON text in one pass without making anything, so that what JSON.parse makes of it afterwards is what the
 * sender wrote: JSON.parse keeps the last of two members of one name, rounds numbers and takes halves of characters.
 */
class Scan {
  private at = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  document(): void {
    this.space();
    this.value();
    this.space();
    if (this.at < this.text.length) this.refuse('json', 'Der står mere efter JSON-værdien');
  }

  private refuse(kode: string, besked: string): never {
    const sti = this.path
      .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join('');
    throw malformed(kode, sti, `${besked} (tegn ${this.at + 1}).`);
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  /** The end of what a sticky pattern matches here, or -1. */
  private past(pattern: RegExp): number {
    pattern.lastIndex = this.at;
    return pattern.test(this.text) ? pattern.lastIndex : -1;
  }

  private value(): void {
    const code = this.text.charCodeAt(this.at);
    if (code === QUOTE) this.string();
    else if (code === OPEN_OBJECT) this.object();
    else if (code === OPEN_LIST) this.list();
    else if (code === MINUS || (code >= ZERO && code <= NINE)) this.number();
    else {
      const end = this.past(LITERAL);
      if (end < 0)
        this.refuse('json', this.at < this.text.length ? 'Ugyldig JSON' : 'JSON slutter for tidligt');
      this.at = end;
    }
  }

  private number(): void {
    const end = this.past(NUMBER);
    if (end < 0) this.refuse('json', 'Ugyldigt tal');
    if (Math.abs(Number(this.text.slice(this.at, end))) > Number.MAX_SAFE_INTEGER)
      this.refuse('tal', 'Tallet er for stort til at blive gengivet præcist');
    this.at = end;
  }

  /** Passes a string and says whether it held an escape. */
  private string(): boolean {
    let escaped = false;
    let high = false;
    this.at++;
    for (;;) {
      const start = this.at;
      this.at = this.past(PLAIN);
      if (high && this.at > start) this.refuse('tegn', 'Et halvt tegn (surrogat uden makker)');
      const code = this.text.charCodeAt(this.at);
      if (code === QUOTE && !high) {
        this.at++;
        return escaped;
      }
      if (code !== BACKSLASH)
        this.refuse(
          high ? 'tegn' : 'json',
          high ? 'Et halvt tegn (surrogat uden makker)' : 'Ugyldigt tegn i tekst',
        );
      escaped = true;
      high = this.escape(high);
    }
  }

  /** Passes one escape; `high` says whether the one before was the first half of a pair, as the answer does of this. */
  private escape(high: boolean): boolean {
    ESCAPE.lastIndex = this.at;
    const found = ESCAPE.exec(this.text);
    if (!found) this.refuse('json', 'Ugyldig escape i tekst');
    const unit = found[1] === undefined ? -1 : parseInt(found[1], 16);
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (unit === 0) this.refuse('tegn', 'Tegnet U+0000 er ikke tilladt');
    if (isLow !== high) this.refuse('tegn', 'Et halvt tegn (surrogat uden makker)');
    this.at = ESCAPE.lastIndex;
    return unit >= 0xd800 && unit <= 0xdbff;
  }

  private enter(): void {
    this.at++;
    this.space();
    if (this.path.length >= MAX_DEPTH) this.refuse('dybde', `Højst ${MAX_DEPTH} niveauer`);
  }

  private list(): void {
    this.enter();
    if (this.text.charCodeAt(this.at) === CLOSE_LIST) {
      this.at++;
      return;
    }
    const level = this.path.length;
    for (let index = 0; ; index++) {
      this.path[level] = index;
      this.value();
      this.space();
      const code = this.text.charCodeAt(this.at);
      if (code !== COMMA && code !== CLOSE_LIST) this.refuse('json', 'Ventede komma eller ]');
      this.at++;
      if (code === CLOSE_LIST) break;
      this.space();
    }
    this.path.length = level;
  }

  private object(): void {
    this.enter();
    if (this.text.charCodeAt(this.at) === CLOSE_OBJECT) {
      this.at++;
      return;
    }
    const level = this.path.length;
    const names = new Set<string>();
    for (;;) {
      this.name(names, level);
      this.space();
      if (this.text.charCodeAt(this.at) !== COLON) this.refuse('json', 'Ventede kolon');
      this.at++;
      this.space();
      this.value();
      this.space();
      const code = this.text.charCodeAt(this.at);
      if (code !== COMMA && code !== CLOSE_OBJECT) this.refuse('json', 'Ventede komma eller }');
      this.at++;
      if (code === CLOSE_OBJECT) break;
      this.space();
    }
    this.path.length = level;
  }

  /** Reads a member's name and takes the path to it. */
  private name(names: Set<string>, level: number): void {
    this.path.length = level;
    if (this.text.charCodeAt(this.at) !== QUOTE) this.refuse('json', 'Ventede navnet på et medlem');
    const start = this.at;
    const escaped = this.string();
    const name = escaped
      ? (JSON.parse(this.text.slice(start, this.at)) as string)
      : this.text.slice(start + 1, this.at - 1);
    this.path[level] = name;
    if (names.has(name)) this.refuse('dublet', 'Samme medlem står to gange');
    if (POLLUTERS.has(name)) this.refuse('navn', 'Navnet er ikke tilladt');
    if (names.add(name).size > MAX_MEMBERS)
      this.refuse('antal', `Højst ${MAX_MEMBERS} medlemmer i et objekt`);
  }
}

/**
 * Parses JSON strictly (C11).
 * @throws Refusal 400 with a JSON pointer and the place in the text, counted in characters from 1.
 */
export function parseJson(text: string): unknown {
  new Scan(text).document();
  return JSON.parse(text);
}

const isMarked = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
const notUtf8 = (): Refusal => malformed('tegnsaet', '', 'Indholdet er ikke gyldig UTF-8.');

/** Decodes without mending: a byte that is not UTF-8, or a byte order mark, is refused with 400. */
export function decodeUtf8(bytes: Buffer): string {
  if (isMarked(bytes)) throw malformed('tegnsaet', '', 'Indholdet må ikke begynde med BOM.');
  if (!isUtf8(bytes)) throw notUtf8();
  return bytes.toString('utf8');
}
