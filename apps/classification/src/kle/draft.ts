import type { Bevaring, KleEntry, Niveau, Retskilde, Stikord } from './entry';
import type { FaultList, Position } from './fault';
import { guidanceHtml } from './guidance';
import { UUID } from './numbering';
import { oneLine, saysExpired, withoutExpiry } from './title';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const day = (text: string): string => text.trim().slice(0, 10);

const NUMBERS = new Set([
  'HovedgruppeNr',
  'GruppeNr',
  'EmneNr',
  'HandlingsfacetKategoriNr',
  'HandlingsfacetNr',
]);

/** An entry while its elements come in. */
export class Draft {
  nr = '';
  titel = '';
  isHandedOn = false;
  private guidance = '';
  private uuid?: string;
  private oprettet?: string;
  private readonly rettet: string[] = [];
  private udgaaet?: string;
  private flyttet?: string;
  private readonly afloestAf: string[] = [];
  private bevaring?: Bevaring;
  private sletning?: string;
  private readonly filtre: string[] = [];
  private readonly stikord: Writable<Stikord>[] = [];
  private readonly retskilder: Writable<Retskilde>[] = [];

  constructor(
    readonly niveau: Niveau,
    readonly at: Position,
  ) {}

  /** A piece of the Vejledning, as XML. */
  guide(xhtml: string): void {
    this.guidance += xhtml;
  }

  /** A part that may occur many times begins. */
  begin(name: string): void {
    if (name.endsWith('Stikord')) this.stikord.push({ orden: '', tekst: '' });
    // In the formats of 2.0 one reference may hold several sources.
    const isNext = name === 'RetskildeTitel' && this.retskilder.at(-1)?.titel;
    if (isNext || name.endsWith('RetskildeReference'))
      this.retskilder.push({ titel: '', accessionsnummer: '' });
  }

  /** `parent` is the name of the element that holds this one. */
  set(name: string, parent: string, raw: string): void {
    const text = oneLine(raw);
    if (NUMBERS.has(name)) this.number(parent, text);
    else if (name === `${this.niveau}Titel`) this.titel = text;
    else if (name === 'UUID') this.uuid = text;
    else if (name === 'OprettetDato') this.oprettet = day(raw);
    else if (name === 'RettetDato') this.rettet.push(day(raw));
    else if (name === 'UdgaaetDato') this.udgaaet = day(raw);
    else if (name === 'FlyttetDato') this.flyttet = day(raw);
    else if (name === 'FilterTitel') this.filtre.push(text);
    else if (name === 'SletningJaevnfoerPersondataloven') this.sletning = text || undefined;
    else if (name === 'BevaringJaevnfoerArkivloven')
      this.bevaring = text === 'tom' ? undefined : (text as Bevaring);
    else this.part(name, text);
  }

  /** What the schema says of an entry as a whole: the assertions of the REST editions, which bind only what is in use. */
  check(faults: FaultList, sti: string, isRest: boolean): void {
    const { at, niveau, nr, uuid = '' } = this;
    if (!this.isEnded && saysExpired(this.titel))
      faults.warn(at, sti, `titlen på ${niveau} ${nr} siger [udgået], men der er ingen dato for det`);
    if (this.uuid !== undefined && !UUID.test(uuid)) {
      if (UUID.test(uuid.toLowerCase()))
        faults.warn(at, sti, `UUID for ${nr} er skrevet med store bogstaver`);
      else if (!this.isLeaving) faults.add('uuid', at, sti, `»${uuid.slice(0, 60)}« er ikke et UUID`);
    }
    const hasKeyword = this.stikord.some(({ handlingsfacet }) => handlingsfacet === undefined);
    if (isRest && (niveau === 'Gruppe' || niveau === 'Emne') && !hasKeyword && !this.isLeaving)
      faults.warn(at, sti, `${niveau} ${nr} har ingen stikord`);
  }

  /** Expects a number and a title. `overordnet` is the number of the entry that this one stands under. */
  entry(overordnet: string | null): KleEntry {
    const uuid = this.uuid?.toLowerCase() ?? '';
    const { nr, niveau, titel, oprettet, rettet, udgaaet, flyttet, afloestAf, bevaring, sletning } = this;
    return {
      nr,
      niveau,
      overordnet,
      titel: this.isEnded ? withoutExpiry(titel) : titel,
      vejledningHtml: guidanceHtml(this.guidance),
      ...(oprettet && { oprettet }),
      rettet,
      ...(udgaaet && { udgaaet }),
      ...(flyttet && { flyttet }),
      afloestAf,
      ...(bevaring && { bevaring }),
      ...(sletning && { sletning }),
      filtre: this.filtre.filter(Boolean),
      // Keywords and sources without a text do occur.
      stikord: this.stikord.filter(({ tekst }) => tekst),
      retskilder: this.retskilder.filter((source) => source.titel || source.accessionsnummer),
      ...(UUID.test(uuid) && { uuid }),
      linje: this.at.linje,
    };
  }

  private get isEnded(): boolean {
    return (this.udgaaet ?? this.flyttet) !== undefined;
  }

  private get isLeaving(): boolean {
    return this.isEnded || /\[(udgår|udgået|fagsystem-emne)/i.test(this.titel);
  }

  private number(parent: string, nr: string): void {
    const keyword = this.stikord.at(-1);
    if (parent === 'AfloestAf') this.afloestAf.push(nr);
    else if (parent === 'EmneOgHandlingsfacetStikord') {
      if (keyword) keyword.handlingsfacet = nr;
    } else this.nr = nr;
  }

  private part(name: string, text: string): void {
    const [keyword, source] = [this.stikord.at(-1), this.retskilder.at(-1)];
    if (keyword && name === 'Orden') keyword.orden = text;
    if (keyword && name === 'Tekst') keyword.tekst = text;
    if (source && name === 'RetskildeTitel') source.titel = text;
    if (source && name === 'ParagrafEllerKapitel' && text) source.paragrafEllerKapitel = text;
    if (source && name === 'RetsinfoAccessionsNr') source.accessionsnummer = text;
    if (source && name === 'RetsinfoURL' && text) source.url = text;
  }
}
