import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import type { FaultList, Position } from './fault';

export interface XmlHandler {
  open(name: string, attributes: readonly SaxesAttributeNS[], at: Position): void;
  /**
   * Once per run of text; runs are broken by comments and CDATA. `at`, asked before this returns, is where its first
   * character stands that is not blank.
   */
  text(text: string, at: () => Position): void;
  close(): void;
}

/** Markup with more text than this in one piece is no KLE file; without a bound, a parser would hold all of it. */
const LONGEST_PIECE = 1 << 20;

const DANISH: readonly (readonly [RegExp, string])[] = [
  [/^unexpected close tag/, 'slutmærket passer ikke til det åbne element'],
  [/^unmatched closing tag: (.*)$/, 'slutmærket </$1> lukker ikke noget åbent element'],
  [/^unclosed tag: (.*)$/, 'elementet <$1> lukkes ikke'],
  [/^undefined entity$/, 'entiteten findes ikke'],
  [/^document must contain a root element/, 'filen har intet rodelement'],
  [/^documents may contain only one root/, 'filen har mere end ét rodelement'],
  [/^text data outside of root node/, 'der står tekst uden for rodelementet'],
  [/^unexpected end/, 'filen slutter midt i et element'],
  [/^duplicate attribute: (.*)$/, 'attributten $1 er angivet to gange'],
  [/^disallowed character/, 'tegnet er ikke tilladt her'],
  [/^(unquoted attribute value|attribute without value)/, 'attributten mangler en værdi i anførselstegn'],
  [/^unbound namespace prefix: "(.*)"/, 'præfikset $1 er ikke erklæret'],
];

/** The parser's English with the Danish of the common cases; the rest is quoted. */
function inDanish(message: string): string {
  const bare = message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
  const [form, danish] = DANISH.find(([pattern]) => pattern.test(bare)) ?? [];
  return form && danish ? bare.replace(form, danish) : `XML er ikke velformet (${bare})`;
}

/** Reads XML as text comes in. Well-formed or not at all; no DOCTYPE, and so no entities but XML's own five. */
export class XmlText {
  private readonly parser = new SaxesParser({ xmlns: true });
  private at: Position = { linje: 1, kolonne: 1 };
  private isCloseDue = false;
  /** Where the last piece of markup ended, to place what follows. */
  private mark = { line: 1, column: 0, position: 0 };

  constructor(
    private readonly handler: XmlHandler,
    private readonly faults: FaultList,
  ) {
    const { parser } = this;
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding && !/^(utf-?8|us-ascii)$/i.test(encoding))
        this.refuse('tegnsaet', `tegnsættet skal være UTF-8, ikke ${encoding}`);
    });
    parser.on('doctype', () => this.refuse('doctype', 'DOCTYPE og entiteter er ikke tilladt'));
    parser.on('error', (error) => this.refuse('xml', inDanish(error.message)));
    parser.on('opentagstart', ({ name }) => {
      this.closeIfDue();
      this.at = this.startOf(name);
    });
    parser.on('opentag', (element) => {
      const { name, uri, attributes } = element;
      this.handler.open(uri ? `{${uri}}${name}` : name, Object.values(attributes), this.at);
      this.moveOn();
    });
    parser.on('closetag', () => {
      this.closeIfDue();
      this.isCloseDue = true;
      this.moveOn();
    });
    parser.on('text', (text) => {
      this.closeIfDue();
      this.handler.text(text, () => this.firstCharacter(text));
      // The parser has by now taken the bracket of the markup that ends the text.
      this.moveOn(1);
    });
    parser.on('cdata', (text) => {
      this.closeIfDue();
      this.handler.text(text, () => this.firstCharacter(text));
      this.moveOn();
    });
    parser.on('comment', () => {
      // The comment's last bracket is still to come.
      this.moveOn(-1);
    });
    parser.on('processinginstruction', () => {
      this.moveOn();
    });
  }

  write(text: string): void {
    this.parser.write(text);
    this.closeIfDue();
    if (this.parser.position - this.mark.position > LONGEST_PIECE)
      this.refuse('stoerrelse', 'et enkelt stykke tekst fylder mere end en million tegn');
  }

  end(): void {
    this.parser.close();
  }

  /** Stops the reading at the character last read, or `ahead` of it. */
  refuse(kode: string, besked: string, ahead = 0): never {
    const { line, column } = this.parser;
    return this.faults.stop(kode, { linje: line, kolonne: Math.max(column + ahead, 1) }, '', besked);
  }

  /** The parser tells of an end tag before it finds that it is the wrong one, so it is believed a step later. */
  private closeIfDue(): void {
    if (!this.isCloseDue) return;
    this.isCloseDue = false;
    this.handler.close();
  }

  private moveOn(ahead = 0): void {
    const { line, column, position } = this.parser;
    this.mark = { line, column: column - ahead, position };
  }

  /** The parser tells of an element once it has read the character after the name. */
  private startOf(name: string): Position {
    const { line, column } = this.parser;
    const kolonne = column - name.length - 1;
    // When that character was a line break, the columns of the name's own line are gone.
    return kolonne > 0 ? { linje: line, kolonne } : { linje: line - 1, kolonne: this.mark.column + 1 };
  }

  private firstCharacter(text: string): Position {
    const before = /^\s*/.exec(text)?.[0] ?? '';
    const breaks = before.split('\n');
    const column = breaks.at(-1)?.length ?? 0;
    return breaks.length > 1
      ? { linje: this.mark.line + breaks.length - 1, kolonne: column + 1 }
      : { linje: this.mark.line, kolonne: this.mark.column + column + 1 };
  }
}
