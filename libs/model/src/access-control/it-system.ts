import { boolean, choice, define, group, instant, keyed, state, text, texts } from '@stoettesystemer/object';

/** What an it-system can be; one can be several. */
export const SYSTEM_TYPES = [
  'Anvendersystem',
  'Serviceudbyder',
  'BrugervendtSystem',
  'IdentityProvider',
] as const;

export const ItSystem = define({
  name: 'ItSystem',
  path: 'it-systemer',
  doc:
    'Et it-system, som en leverandør eller en kommune har registreret. Registreringen giver ingen adgang til data; ' +
    'det gør først en godkendt serviceaftale.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvem systemet er, og hvem der svarer for det.',
      {
        navn: text({ required: true, search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
        beskrivelse: text({ prose: 'C', max: 4000, multiline: true, doc: 'Hvad systemet bruges til.' }),
        entityId: text({
          search: true,
          max: 500,
          doc: 'Systemets entityId, hvis det har et i føderationen.',
        }),
        organisationCvr: text({
          required: true,
          search: true,
          max: 8,
          pattern: '[1-9]\\d{7}',
          doc: 'CVR-nummeret på den organisation, der har registreret systemet.',
        }),
        organisationNavn: text({ search: true, max: 200, doc: 'Organisationens navn.' }),
        rollepostkasse: text({
          required: true,
          max: 254,
          pattern: '[^@\\s]+@[^@\\s]+\\.[^@\\s]+',
          doc: 'En fælles postkasse, som overlever de enkelte medarbejdere; hertil går alle varsler.',
        }),
        vilkaarAccepteret: boolean({ required: true, doc: 'Om vilkårene for tilslutning er accepteret.' }),
      },
      { required: true },
    ),
    systemtype: keyed('navn', 'Hvad systemet er. En type kan føjes til, men ikke tages bort igen.', {
      navn: text({
        required: true,
        search: true,
        max: 30,
        pattern: SYSTEM_TYPES.join('|'),
        doc: `En af ${SYSTEM_TYPES.join(', ')}.`,
      }),
    }),
    noegle: keyed(
      'kid',
      'En nøgle eller et certifikat, som systemet viser, hvem det er, med. Gælder i sin virkning.',
      {
        kid: text({
          required: true,
          search: true,
          max: 100,
          doc: 'Nøglens id, som det står i systemets tokens.',
        }),
        brug: choice(['Token', 'Tls', 'Callback'], {
          required: true,
          search: true,
          doc: 'Om nøglen underskriver, om certifikatet viser systemet frem, eller om det beskytter dets callback.',
        }),
        jwk: text({ max: 4000, doc: 'Den offentlige nøgle som JWK (RFC 7517), i JSON.' }),
        certifikat: text({ max: 16_000, multiline: true, doc: 'Certifikatet i PEM.' }),
        udloeber: instant({ search: true, doc: 'Da certifikatet udløber.' }),
      },
    ),
    callback: group('Hvor beskeder bringes hen.', {
      adresse: text({ required: true, max: 500, pattern: 'https://.+', doc: 'Adressen; kun https.' }),
    }),
    myndighedsafgraensning: group('De myndigheder, som må indgå aftaler om systemet og give roller i det.', {
      cvr: texts({ search: true, max: 8, pattern: '[1-9]\\d{7}', doc: 'CVR-numre. Uden nogen må alle.' }),
    }),
    brugervendt: group('Hvordan brugere logges ind i systemet.', {
      omdirigering: texts({
        max: 500,
        doc: 'De adresser, som brugeren må sendes tilbage til; https, eller loopback under udvikling.',
      }),
      metadata: text({ max: 100_000, multiline: true, doc: 'Systemets SAML-metadata.' }),
    }),
    identityProvider: group('Hvordan en myndigheds brugere viser, hvem de er.', {
      protokol: choice(['Saml', 'Oidc'], { required: true, search: true, doc: 'Protokollen.' }),
      praesentationsnavn: text({ required: true, max: 200, doc: 'Navnet, som brugeren vælger den på.' }),
      metadata: text({ max: 100_000, multiline: true, doc: 'SAML-metadata fra myndighedens IdP.' }),
      udsteder: text({ max: 500, doc: 'Udstederens adresse, når protokollen er OIDC.' }),
      klientId: text({ max: 200, doc: 'Vores id hos udstederen, når protokollen er OIDC.' }),
      nsisNiveau: choice(['Low', 'Substantial', 'High'], {
        required: true,
        search: true,
        doc: 'Det højeste NSIS-niveau, som IdP’en er anmeldt til.',
      }),
    }),
  },
  states: {
    tilstand: state(['Aktiv', 'Lukket'], { doc: 'Et lukket system får ingen tokens.' }),
  },
  relations: {},
  access: { organisation: { facet: 'egenskaber', field: 'organisationCvr' } },
});
