/** Namespaces of KOMBIT's Haendelsesbesked. */
export const KUVERT = 'urn:oio:besked:kuvert:1.0';
export const SAGDOK = 'urn:oio:sagdok:3.0.0';
export const STS = 'urn:oio:sts:1.0.0';
/** Where encoded content is declared; without the `oio` of the others, and so senders write it. */
export const BASE64 = 'urn:besked:kuvert:1.0';

/** The children of each element, in the order that the schema has them. */
export const ORDER: ReadonlyMap<string, readonly string[]> = new Map([
  ['Haendelsesbesked', ['BeskedId', 'BeskedVersion', 'Beskedkuvert', 'Beskeddata']],
  [
    'Beskedkuvert',
    ['Filtreringsdata', 'Leveranceinformation', 'Modtagerhandling', 'GyldighedFra', 'GyldighedTil'],
  ],
  [
    'Filtreringsdata',
    [
      'Beskedtype',
      'BeskedAnsvarligAktoer',
      'TilladtModtager',
      'RelateretObjekt',
      'ObjektRegistrering',
      'TvaergaaendeProces',
    ],
  ],
  ['RelateretObjekt', ['ObjektId', 'ObjektType', 'ObjektRolle']],
  [
    'ObjektRegistrering',
    [
      'ObjektRegistreringId',
      'RegistreringsAktoer',
      'Registreringstidspunkt',
      'ObjektAnsvarligMyndighed',
      'ObjektId',
      'ObjektType',
      'ObjektHandling',
      'OpgaveEmne',
    ],
  ],
  [
    'Leveranceinformation',
    [
      'Dannelsestidspunkt',
      'TransaktionsId',
      'Kildesystem',
      'KildesystemIPAdresse',
      'KildesystemAkkreditiver',
      'Sikkerhedsklassificering',
      'Leveranceruter',
    ],
  ],
  [
    'Leverancerute',
    [
      'Fordelingssystem',
      'ModtagelsesTidspunkt',
      'LeveranceTidspunkt',
      'ModtagetFraSystem',
      'ErLeveretIHenholdTil',
      'LeveranceruteLokalUdvidelse',
    ],
  ],
]);

/** Where an element stands among its siblings; what is not named (local extensions) comes last. */
export function placeOf(parent: string, child: string): number {
  const order = ORDER.get(parent) ?? [];
  const place = order.indexOf(child);
  return place < 0 ? order.length : place;
}
