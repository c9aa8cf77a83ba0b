// Small editions for the specs. Nothing in them is KL's.
import { InvalidKle, type KleFejl } from '../fault';
import { readKle, type ReadOptions } from '../read-kle';
import type { KleEdition, KleEntry } from '../entry';

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** The text as a stream of UTF-8 in pieces of `size` bytes. */
export async function* bytesOf(text: string | Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let from = 0; from < bytes.length; from += size) {
    await Promise.resolve();
    yield bytes.subarray(from, from + size);
  }
}

export const read = (text: string | Uint8Array, options?: ReadOptions): Promise<KleEdition> =>
  readKle(bytesOf(text), options);

/** The faults of a file that must be refused. */
export async function faultsOf(
  text: string | Uint8Array,
  options?: ReadOptions,
): Promise<readonly KleFejl[]> {
  try {
    await read(text, options);
  } catch (error) {
    if (error instanceof InvalidKle) return error.fejl;
    throw error;
  }
  throw new Error('The file was taken');
}

/** `<schema>` as the root element names it, such as `KLE-Emneplan-version-2-0.xsd`; none if empty. */
export const emneplan = (
  content: string,
  schema = 'KLE-Emneplan-version-2-0.xsd',
  dato = '2015-08-01',
): string =>
  `<KLE-Emneplan ${XSI}${schema && ` xsi:noNamespaceSchemaLocation="${schema}"`}>
<UdgivelsesDato>${dato}</UdgivelsesDato>
${content}
</KLE-Emneplan>`;

export const REST_1_2 = 'http://skemaer.kle-online.dk/rest/KLE-REST-Emneplan-fuld-version-1-2.xsd';
export const REST_1_3 = 'http://skemaer.kle-online.dk/rest/KLE-REST-Emneplan-fuld-version-1-3.xsd';

export const info = (level: string, more = '', oprettet = '1988-01-01'): string =>
  `<${level}AdministrativInfo><OprettetDato>${oprettet}</OprettetDato>${more}</${level}AdministrativInfo>`;
export const udgaaet = (day: string): string => `<Historisk><UdgaaetDato>${day}</UdgaaetDato></Historisk>`;
export const flyttet = (day: string, ...successors: string[]): string =>
  `<Historisk><Flyttet><FlyttetDato>${day}</FlyttetDato>${successors.join('')}</Flyttet></Historisk>`;
export const afloestAf = (element: string, nr: string): string =>
  `<AfloestAf><${element}>${nr}</${element}></AfloestAf>`;
export const vejledning = (level: string, xhtml = '<p>Om det</p>'): string =>
  `<${level}Vejledning><VejledningTekst>${xhtml}</VejledningTekst></${level}Vejledning>`;

export const hovedgruppe = (nr: string, content: string, own = info('Hovedgruppe')): string =>
  `<Hovedgruppe><HovedgruppeNr>${nr}</HovedgruppeNr><HovedgruppeTitel>Hovedgruppe ${nr}</HovedgruppeTitel>${vejledning('Hovedgruppe')}${own}${content}</Hovedgruppe>`;
export const gruppe = (nr: string, content: string, own = info('Gruppe')): string =>
  `<Gruppe><GruppeNr>${nr}</GruppeNr><GruppeTitel>Gruppe ${nr}</GruppeTitel>${own}${content}</Gruppe>`;

interface Parts {
  readonly titel?: string;
  /** What stands between the title and AdministrativInfo. */
  readonly foer?: string;
  /** What stands after OprettetDato. */
  readonly dage?: string;
  readonly oprettet?: string;
  readonly bevaring?: string;
  /** What stands after the retention. */
  readonly efter?: string;
}

export const emne = (
  nr: string,
  { titel, foer = '', dage, oprettet, bevaring = 'B', efter = '' }: Parts = {},
): string =>
  `<Emne><EmneNr>${nr}</EmneNr><EmneTitel>${titel ?? `Emne ${nr}`}</EmneTitel>${foer}${info('Emne', dage, oprettet)}<BevaringJaevnfoerArkivloven>${bevaring}</BevaringJaevnfoerArkivloven>${efter}</Emne>`;

/** An edition of 2.0 with these subjects in group 01.01. */
export const withEmner = (...emner: string[]): string =>
  emneplan(hovedgruppe('01', gruppe('01.01', emner.join(''))));

/** An entry as the parser would make it. */
export const entry = (nr: string, more: Partial<KleEntry> = {}): KleEntry => ({
  nr,
  niveau: 'Emne',
  overordnet: '01.01',
  titel: `Emne ${nr}`,
  vejledningHtml: '',
  oprettet: '1988-01-01',
  rettet: [],
  afloestAf: [],
  filtre: [],
  stikord: [],
  retskilder: [],
  linje: 1,
  ...more,
});
