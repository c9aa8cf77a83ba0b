import type { SaxesAttributeNS } from 'saxes';
import { Conformance, type Frame } from './conformance';
import { Draft } from './draft';
import type { KleEntry, KleFelt, KleHead } from './entry';
import type { FaultList, Position } from './fault';
import { levelNamed } from './kle-number';
import { Numbering } from './numbering';
import { emneplanGrammar, handlingsfacetGrammar, type Variant } from './schema';
import { fieldOf, fieldsOf, formatOf, variantOf } from './variant';
import { type XmlHandler, XmlText } from './xml-text';

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const XMLNS = 'http://www.w3.org/2000/xmlns/';
const DEEPEST = 32;

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const localName = (name: string): string => name.replace(/^.*[}:]/, '');
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => SIGNS[sign] ?? sign);

/** Makes entries of an Emneplan or a Handlingsfacetter while its text comes in; `take` fetches those that are complete. */
export class EditionReader implements XmlHandler {
  private readonly xml: XmlText;
  private readonly schema: Conformance;
  private readonly numbering: Numbering;
  private readonly seen = new Set<KleFelt>();
  /** The entries whose elements are open, outermost first. */
  private readonly drafts: Draft[] = [];
  private ready: KleEntry[] = [];
  private root = '';
  private variant: Variant = 'ukendt';
  private udgivelsesdato?: string;
  private value = '';
  private guidanceDepth = Infinity;

  constructor(
    private readonly faults: FaultList,
    private readonly isLenient: boolean,
  ) {
    this.xml = new XmlText(this, faults);
    this.schema = new Conformance(faults, isLenient);
    this.numbering = new Numbering(faults);
  }

  write(text: string): void {
    this.xml.write(text);
  }

  take(): KleEntry[] {
    const { ready } = this;
    this.ready = [];
    return ready;
  }

  end(): KleHead {
    this.xml.end();
    this.numbering.checkPlaces();
    const format = formatOf(this.root, this.variant, this.seen);
    return {
      format,
      facet: this.root === 'KLE-Emneplan' ? 'Emne' : 'Handlingsfacet',
      udgivelsesdato: this.udgivelsesdato,
      felter: fieldsOf(format, this.seen, this.isLenient),
      advarsler: this.faults.advarsler,
    };
  }

  refuse(kode: string, besked: string): never {
    return this.xml.refuse(kode, besked, 1);
  }

  open(name: string, attributes: readonly SaxesAttributeNS[], at: Position): void {
    if (!this.root) this.begin(name, attributes, at);
    if (this.schema.depth >= DEEPEST)
      this.faults.stop('dybde', at, this.schema.path, `elementerne står mere end ${DEEPEST} niveauer dybt`);
    const isFree = this.schema.top?.content.kind === 'open';
    const level = isFree ? undefined : levelNamed(name);
    if (level === 'Gruppe' && this.variant === 'ukendt') this.settle();
    if (level) this.handOn();
    const frame = this.schema.open(name, at);
    this.value = '';
    if (frame.content.kind !== 'open') this.checkAttributes(attributes, at);
    if (frame.isIgnored) return;
    if (level) this.drafts.push(new Draft(level, at));
    else if (this.schema.depth > this.guidanceDepth) this.draft?.guide(`<${localName(name)}>`);
    else this.part(name);
  }

  text(text: string, at: () => Position): void {
    const frame = this.schema.top;
    if (!frame) return;
    if (frame.content.kind === 'text') this.value += text;
    else if (this.schema.depth >= this.guidanceDepth && !frame.isIgnored) this.draft?.guide(escaped(text));
    if (text.trim()) this.schema.strayText(at);
  }

  close(): void {
    const frame = this.schema.top;
    const { value } = this;
    if (frame && levelNamed(frame.name) && frame.content.kind !== 'open') {
      this.handOn();
      this.drafts.pop();
    }
    if (this.schema.depth <= this.guidanceDepth) this.guidanceDepth = Infinity;
    else if (frame && !frame.isIgnored) this.draft?.guide(`</${localName(frame.name)}>`);
    this.schema.close(value);
    if (frame?.content.kind === 'text' && !frame.isIgnored) this.set(frame.name, value);
  }

  private get draft(): Draft | undefined {
    return this.drafts.at(-1);
  }

  private begin(name: string, attributes: readonly SaxesAttributeNS[], at: Position): void {
    if (name !== 'KLE-Emneplan' && name !== 'KLE-Handlingsfacetter')
      this.faults.stop(
        'rod',
        at,
        '',
        `rodelementet skal være <KLE-Emneplan> eller <KLE-Handlingsfacetter>, ikke <${name}>`,
      );
    this.root = name;
    const location = attributes.find(
      ({ uri, local }) => uri === XSI && local === 'noNamespaceSchemaLocation',
    );
    this.variant = variantOf(location?.value ?? '');
    const grammarOf = name === 'KLE-Emneplan' ? emneplanGrammar : handlingsfacetGrammar;
    this.schema.adopt(grammarOf(this.variant));
  }

  /** An Emneplan that names no schema is a REST edition if its first Hovedgruppe holds what only those have. */
  private settle(): void {
    const counts = this.schema.top?.counts;
    this.variant = counts?.has('UUID') || counts?.has('HovedgruppeStikord') ? 'rest' : '2.0';
    this.schema.adopt(emneplanGrammar(this.variant));
  }

  private checkAttributes(attributes: readonly SaxesAttributeNS[], at: Position): void {
    for (const { name, uri } of attributes)
      if (uri !== XSI && uri !== XMLNS)
        this.faults.add('attribut', at, this.schema.path, `attributten ${name} er ikke tilladt`);
  }

  private part(name: string): void {
    if (name === 'VejledningTekst') this.guidanceDepth = this.schema.depth;
    const field = fieldOf(name);
    if (field) this.seen.add(field);
    this.draft?.begin(name);
  }

  private set(name: string, value: string): void {
    const parent: Frame | undefined = this.schema.top;
    if (name === 'UdgivelsesDato') this.udgivelsesdato = value.trim().slice(0, 10);
    if (!parent || !this.draft) return;
    this.draft.set(name, parent.name, value);
    if (name === `${this.draft.niveau}Nr` && parent.name === this.draft.niveau)
      parent.label = `${parent.name}[${value.trim()}]`;
  }

  /** An entry's own elements stand before those of the level below. */
  private handOn(): void {
    const { draft } = this;
    if (!draft || draft.isHandedOn) return;
    draft.isHandedOn = true;
    // Without these the schema has already been broken.
    if (!draft.nr || !draft.titel) return;
    const { path } = this.schema;
    draft.check(this.faults, path, this.variant !== '2.0');
    const entry = draft.entry(this.drafts.at(-2)?.nr ?? null);
    this.numbering.add(entry, draft.at, path);
    this.ready.push(entry);
  }
}
