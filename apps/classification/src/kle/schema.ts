// The XSDs of KLE as tables: Emneplan 2.0 and Handlingsfacetter 2.0 (2011-02-15), REST Emneplan (2016-08, 1.2, 1.3).

import type { Content, Grammar, Item } from './content-model';
import { type Check, date, duration, free, named, pattern } from './text-check';

/** `rest` is a REST edition that does not tell its version, `ukendt` an Emneplan that has not yet shown what it is. */
export type Variant = '2.0' | '1.2' | '1.3' | 'rest' | 'ukendt';

const one = (name: string): Item => ({ name, min: 1, max: 1 });
const must = (name: string): Item => ({ name, min: 1, max: 1, essential: true });
const optional = (name: string): Item => ({ name, min: 0, max: 1 });
const any = (name: string): Item => ({ name, min: 0, max: Infinity });
const some = (name: string): Item => ({ name, min: 1, max: Infinity });

const text = (check: Check): Content => ({ kind: 'text', check });
const sequence = (...items: Item[]): Content => ({ kind: 'sequence', items });
const choice = (...items: Item[]): Content => ({ kind: 'choice', items });
const titled = text(named);
const day = text(date);
const list = sequence(some('li'));
const keyword = sequence(one('Orden'), one('Tekst'));

const shared: readonly (readonly [string, Content])[] = [
  ['UdgivelsesDato', day],
  ['VejledningTekst', sequence(some('p'))],
  ['p', { kind: 'markup', items: ['i', 'b', 'ul', 'ol'].map(any) }],
  ['ul', list],
  ['ol', list],
  ...['i', 'b', 'li'].map((name) => [name, { kind: 'open' }] as const),
  ['OprettetDato', day],
  ['RettetDato', day],
  ['Historisk', choice(must('UdgaaetDato'), must('Flyttet'))],
  ['UdgaaetDato', day],
  ['Flyttet', sequence(must('FlyttetDato'), any('AfloestAf'))],
  ['FlyttetDato', day],
  ['AfloestAf', choice(...['HovedgruppeNr', 'GruppeNr', 'EmneNr', 'HandlingsfacetNr'].map(must))],
  ['FilterTitel', text(free)],
  ['Orden', text(free)],
  ['Tekst', text(free)],
  // An expired entry may have anything here, so the form is judged with the title (draft.ts).
  ['UUID', text(free)],
  ['RetskildeTitel', text(free)],
  ['ParagrafEllerKapitel', text(free)],
  ['RetsinfoAccessionsNr', text(free)],
  ['BevaringJaevnfoerArkivloven', text(pattern(/^(K|K5|K10|B|tom)$/, 'en af K, K5, K10, B og tom'))],
  ['HovedgruppeNr', text(pattern(/^[0-9]{2}$/, 'et hovedgruppenummer som 27'))],
  ['GruppeNr', text(pattern(/^[0-9]{2}\.[0-9]{2}$/, 'et gruppenummer som 27.18'))],
  ['EmneNr', text(pattern(/^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$/, 'et emnenummer som 27.18.02'))],
  ['HandlingsfacetNr', text(pattern(/^[APSØGKI][0-9]{2}$/, 'et handlingsfacetnummer som G01'))],
];

/** The elements whose names begin with their level's. */
const levelled = (level: string, filter: Content): (readonly [string, Content])[] => [
  [`${level}Titel`, titled],
  [`${level}Vejledning`, sequence(one('VejledningTekst'))],
  [`${level}AdministrativInfo`, sequence(one('OprettetDato'), any('RettetDato'), optional('Historisk'))],
  [`${level}Filter`, filter],
];

export function emneplanGrammar(variant: Variant): Grammar {
  const rest = variant !== '2.0';
  const inRest = (...items: Item[]): Item[] => (rest ? items : []);
  const filter = rest ? any : optional;
  const uuid = inRest(variant === 'ukendt' ? optional('UUID') : one('UUID'));
  const url = variant === '2.0' || variant === '1.2' ? [] : [optional('RetsinfoURL')];
  const filters = sequence(rest ? any('FilterTitel') : some('FilterTitel'));
  const source: Content = {
    kind: 'sequence',
    items: [one('RetskildeTitel'), optional('ParagrafEllerKapitel'), one('RetsinfoAccessionsNr'), ...url],
    repeats: !rest || variant === 'ukendt',
  };
  return new Map<string, Content>([
    ...shared,
    ['KLE-Emneplan', sequence(one('UdgivelsesDato'), some('Hovedgruppe'))],
    [
      'Hovedgruppe',
      sequence(
        must('HovedgruppeNr'),
        must('HovedgruppeTitel'),
        one('HovedgruppeVejledning'),
        one('HovedgruppeAdministrativInfo'),
        filter('HovedgruppeFilter'),
        ...inRest(any('HovedgruppeStikord')),
        ...uuid,
        some('Gruppe'),
      ),
    ],
    [
      'Gruppe',
      sequence(
        must('GruppeNr'),
        must('GruppeTitel'),
        optional('GruppeVejledning'),
        any('GruppeRetskildeReference'),
        one('GruppeAdministrativInfo'),
        filter('GruppeFilter'),
        ...inRest(any('GruppeStikord')),
        ...uuid,
        some('Emne'),
      ),
    ],
    [
      'Emne',
      sequence(
        must('EmneNr'),
        must('EmneTitel'),
        optional('EmneVejledning'),
        any('EmneRetskildeReference'),
        one('EmneAdministrativInfo'),
        // The REST schema of 2016 has no retention; the editions of 2025 have it.
        rest ? optional('BevaringJaevnfoerArkivloven') : one('BevaringJaevnfoerArkivloven'),
        optional('SletningJaevnfoerPersondataloven'),
        filter('EmneFilter'),
        ...inRest(any('EmneStikord'), any('EmneOgHandlingsfacetStikord')),
        ...uuid,
      ),
    ],
    ...['Hovedgruppe', 'Gruppe', 'Emne'].flatMap((level) => levelled(level, filters)),
    ...['GruppeRetskildeReference', 'EmneRetskildeReference'].map((name) => [name, source] as const),
    ...['HovedgruppeStikord', 'GruppeStikord', 'EmneStikord'].map((name) => [name, keyword] as const),
    ['EmneOgHandlingsfacetStikord', sequence(one('Orden'), one('Tekst'), must('HandlingsfacetNr'))],
    ['SletningJaevnfoerPersondataloven', text(duration)],
    ['RetsinfoURL', text(free)],
  ]);
}

const facetSource: Content = {
  kind: 'sequence',
  items: [one('RetskildeTitel'), optional('ParagrafEllerKapitel'), one('RetsinfoAccessionsNr')],
  repeats: true,
};

/**
 * No schema of the REST editions is at hand. Their readers show that both levels have a UUID there; that it stands
 * where an Emneplan has it is an assumption.
 */
export function handlingsfacetGrammar(variant: Variant): Grammar {
  const inRest = (level: string): Item[] =>
    variant === '2.0' ? [] : [any(`${level}Stikord`), optional('UUID')];
  const levels = ['HandlingsfacetKategori', 'Handlingsfacet'];
  return new Map<string, Content>([
    ...shared,
    [
      'KLE-Handlingsfacetter',
      sequence(one('UdgivelsesDato'), { name: 'HandlingsfacetKategori', min: 7, max: 7 }),
    ],
    [
      'HandlingsfacetKategori',
      sequence(
        must('HandlingsfacetKategoriNr'),
        must('HandlingsfacetKategoriTitel'),
        one('HandlingsfacetKategoriVejledning'),
        one('HandlingsfacetKategoriAdministrativInfo'),
        optional('HandlingsfacetKategoriFilter'),
        ...inRest('HandlingsfacetKategori'),
        some('Handlingsfacet'),
      ),
    ],
    [
      'Handlingsfacet',
      sequence(
        must('HandlingsfacetNr'),
        must('HandlingsfacetTitel'),
        one('BevaringJaevnfoerArkivloven'),
        one('HandlingsfacetVejledning'),
        any('HandlingsfacetRetskildeReference'),
        one('HandlingsfacetAdministrativInfo'),
        optional('HandlingsfacetFilter'),
        ...inRest('Handlingsfacet'),
      ),
    ],
    ...levels.flatMap((level) => levelled(level, sequence(some('FilterTitel')))),
    ...levels.map((level) => [`${level}Stikord`, keyword] as const),
    ['HandlingsfacetRetskildeReference', facetSource],
    [
      'HandlingsfacetKategoriNr',
      text(pattern(/^[APSØGKI]$/, 'en handlingsfacetkategori (A, P, S, Ø, G, K eller I)')),
    ],
  ]);
}
