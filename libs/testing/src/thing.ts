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

/** A made-up type with every word of the language, so that a test speaks of no real one. */
export const Ting = define({
  name: 'Ting',
  path: 'ting',
  doc: 'En opdigtet type til prøver.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad tingen hedder.',
      {
        brugervendtNoegle: text({ required: true, search: true, max: 50, doc: 'Nøglen.' }),
        titel: text({ search: true, prose: 'A', max: 300, doc: 'Titlen.' }),
        beskrivelse: text({ prose: 'C', max: 2000, multiline: true, doc: 'Beskrivelsen.' }),
        antal: integer({ search: true, min: 0, max: 1000, doc: 'Et antal.' }),
        beloeb: decimal({ search: true, doc: 'Et beløb.' }),
        dato: date({ search: true, doc: 'En dato.' }),
        tid: instant({ search: true, doc: 'Et tidspunkt.' }),
        aktiv: boolean({ search: true, doc: 'Ja eller nej.' }),
        farve: choice(['roed', 'groen', 'blaa'], { search: true, doc: 'En farve.' }),
        vaegt: number({ search: true, doc: 'En vægt.' }),
        adresse: urn({ search: true, doc: 'En URN.' }),
        maerke: uuid({ search: true, doc: 'En UUID.' }),
        forgaenger: reference('Ting', { search: true, doc: 'En reference.' }),
        ord: texts({ search: true, prose: 'B', max: 50, doc: 'Flere tekster.' }),
        omtale: text({ prose: 'C', max: 2000, html: true, doc: 'Omtale i HTML.' }),
      },
      { required: true },
    ),
    linje: keyed('id', 'Linjer, hver med sin tid.', {
      id: text({ required: true, search: true, max: 20, doc: 'Nøglen.' }),
      tekst: text({ prose: 'B', max: 100, doc: 'Teksten.' }),
      beloeb: decimal({ doc: 'Beløbet.' }),
    }),
  },
  states: {
    gyldighed: state(['Aktiv', 'Inaktiv'], { doc: 'Om tingen gælder.' }),
  },
  relations: {
    overordnet: one('Ting', { search: true, doc: 'Tingen over denne.' }),
    naboer: many('Ting', { search: true, doc: 'Ting ved siden af.' }),
    part: many('Person', {
      indexed: true,
      search: true,
      personal: false,
      roles: {
        Primaer: '11111111-1111-4111-8111-111111111111',
        Anden: '22222222-2222-4222-8222-222222222222',
      },
      fields: { kaldenavn: text({ search: true, max: 100, doc: 'Kaldenavnet.' }) },
      textField: 'kaldenavn',
      doc: 'Parter med rolle og indeks.',
    }),
  },
});

/** The same idea with data restrictions, personal data and physical deletion. */
export const Journal = define({
  name: 'Journal',
  path: 'journaler',
  doc: 'En opdigtet type med dataafgrænsning.',
  deletion: 'physical',
  attributes: {
    egenskaber: group(
      'Hvad journalen hedder.',
      {
        brugervendtNoegle: text({ required: true, search: true, max: 50, doc: 'Nøglen.' }),
        titel: text({ search: true, prose: 'A', max: 300, personal: true, doc: 'Titlen.' }),
        foelsomhed: choice(
          [
            'IKKE_FORTROLIGE_DATA',
            'FORTROLIGE_PERSONOPLYSNINGER',
            'FOELSOMME_PERSONOPLYSNINGER',
            'VIP_SAGER',
          ],
          { search: true, doc: 'Følsomheden.' },
        ),
        organisationCvr: text({ max: 8, pattern: '[1-9]\\d{7}', doc: 'Den, der fører journalen.' }),
        cprNummer: text({
          search: true,
          personal: true,
          guard: 'secpr-nummer',
          max: 10,
          pattern: '\\d{10}',
          doc: 'CPR-nummeret.',
        }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {
    klasse: many('Klasse', {
      indexed: true,
      search: true,
      roles: { Primaer: '33333333-3333-4333-8333-333333333333' },
      fields: { brugervendtNoegle: text({ search: true, max: 50, doc: 'Nummeret.' }) },
      textField: 'brugervendtNoegle',
      doc: 'Klassen.',
    }),
    enhed: one('OrganisationEnhed', { search: true, doc: 'Den ansvarlige enhed.' }),
    part: many('Person', {
      indexed: true,
      search: true,
      personal: true,
      roles: { Primaer: '44444444-4444-4444-8444-444444444444' },
      fields: {
        fuldtNavn: text({ search: true, personal: true, guard: 'senavn', max: 100, doc: 'Navnet.' }),
      },
      textField: 'fuldtNavn',
      doc: 'Personen.',
    }),
  },
  access: {
    kle: { facet: 'klasse', rolle: 'Primaer', field: 'brugervendtNoegle' },
    foelsomhed: { facet: 'egenskaber', field: 'foelsomhed' },
    orgenhed: { facet: 'enhed' },
    organisation: { facet: 'egenskaber', field: 'organisationCvr' },
  },
});

/** Somebody whose name and number are shown to some callers only; no data restriction tells one from another. */
export const Menneske = define({
  name: 'Menneske',
  path: 'mennesker',
  doc: 'En opdigtet type med beskyttede felter.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvem mennesket er.',
      {
        brugervendtNoegle: text({ required: true, search: true, max: 50, doc: 'Nøglen.' }),
        stilling: text({ search: true, max: 100, doc: 'Stillingen.' }),
        navn: text({
          required: true,
          search: true,
          prose: 'A',
          personal: true,
          guard: 'senavn',
          max: 100,
          doc: 'Navnet.',
        }),
        cprNummer: text({
          search: true,
          personal: true,
          guard: 'secpr-nummer',
          max: 10,
          pattern: '\\d{10}',
          doc: 'CPR-nummeret.',
        }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {},
});
