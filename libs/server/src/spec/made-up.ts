import {
  boolean,
  choice,
  date,
  decimal,
  define,
  group,
  instant,
  integer,
  keyed,
  many,
  number,
  one,
  reference,
  state,
  text,
  texts,
  urn,
  uuid,
} from '@stoettesystemer/object';

/** A type that no support system has, with every word of the language in it. */
export const Skib = define({
  name: 'Skib',
  path: 'skibe',
  doc: 'Et skib i en havn.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Det, der står i skibets papirer.',
      {
        brugervendtNoegle: text({ required: true, max: 50, search: true, doc: 'Kaldesignal.' }),
        titel: text({ required: true, max: 300, search: true, prose: 'A', doc: 'Skibets navn.' }),
        beskrivelse: text({ max: 1000, multiline: true, prose: 'C', doc: 'Fri tekst.' }),
        opslag: text({ max: 1000, html: true, doc: 'Tekst med simpel HTML.' }),
        kode: text({ max: 6, pattern: '[A-Z]{3}[0-9]{3}', doc: 'Tre bogstaver og tre cifre.' }),
        master: integer({ min: 0, max: 9, search: true, doc: 'Antal master.' }),
        dybgang: number({ min: 0, doc: 'Meter.' }),
        takst: decimal({ search: true, doc: 'Havnepenge.' }),
        bygget: date({ search: true, doc: 'Da skibet løb af stabelen.' }),
        synet: instant({ search: true, doc: 'Sidste syn.' }),
        fredet: boolean({ search: true, doc: 'Om skibet er fredet.' }),
        slags: choice(['Sejlskib', 'Dampskib'], { search: true, doc: 'Slags skib.' }),
        emne: urn({ search: true, doc: 'KLE-emne.' }),
        register: uuid({ search: true, doc: 'Nummer i registret.' }),
        vaerft: reference('Vaerft', { search: true, doc: 'Hvor det er bygget.' }),
        flag: texts({ max: 20, search: true, doc: 'Flag, det har ført.' }),
      },
      { required: true },
    ),
    dokument: keyed('id', 'Papirer om bord.', {
      id: text({ required: true, max: 20, doc: 'Papirets nummer.' }),
      navn: text({ required: true, max: 100, search: true, doc: 'Papirets navn.' }),
    }),
  },
  states: { fart: state(['Til søs', 'I havn', 'Oplagt'], { doc: 'Hvor skibet er.' }) },
  relations: {
    havn: one('Havn', { doc: 'Hjemhavn.', search: true, required: false }),
    soesterskib: many('Skib', { doc: 'Skibe af samme slags.', search: true }),
    mandskab: many(['Person', 'Bruger'], {
      doc: 'Dem om bord.',
      search: true,
      personal: true,
      indexed: true,
      typed: true,
      roles: {
        Kaptajn: '11111111-1111-4111-8111-111111111111',
        Matros: '22222222-2222-4222-8222-222222222222',
      },
      fields: { fuldtNavn: text({ max: 100, search: true, personal: true, doc: 'Navn.' }) },
      textField: 'fuldtNavn',
    }),
  },
});

/** A type whose deletion is physical, and which says as little as a type can. */
export const Boeje = define({
  name: 'Boeje',
  path: 'boejer',
  doc: 'En bøje i en sejlrende.',
  deletion: 'physical',
  attributes: {
    egenskaber: group('Bøjen.', { nummer: text({ required: true, max: 10, search: true, doc: 'Nummer.' }) }),
  },
  states: {},
  relations: {},
});

export const TYPES = [Skib, Boeje] as const;
