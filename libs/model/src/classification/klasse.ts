import { choice, date, define, group, keyed, many, one, state, text, texts } from '@stoettesystemer/object';

export const Klasse = define({
  name: 'Klasse',
  path: 'klasser',
  doc: 'Et begreb i en facet, fx KLE-emnet 27.18.02. Klasser danner et træ; andre objekter peger på dem med UUID.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad klassen hedder, og hvad den dækker.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 50,
          doc: 'Nummeret eller navnet, fx 27.18.02.',
        }),
        titel: text({ required: true, search: true, prose: 'A', max: 300, doc: 'Titlen, som den vises.' }),
        beskrivelse: text({
          prose: 'C',
          max: 30_000,
          multiline: true,
          html: true,
          doc: 'Vejledning i, hvad klassen dækker; enkel HTML.',
        }),
        eksempel: text({ max: 4096, multiline: true, doc: 'Eksempler på brugen.' }),
        omfang: text({ max: 1024, multiline: true, doc: 'Hvad klassen omfatter.' }),
        retskilde: text({ max: 4096, multiline: true, doc: 'De regler, som klassen bygger på, i ord.' }),
        aendringsnotat: text({ max: 1024, multiline: true, doc: 'Hvad der sidst blev ændret, og hvorfor.' }),
        sortering: text({ search: true, max: 100, doc: 'Det, klassen sorteres efter blandt sine søskende.' }),
      },
      { required: true },
    ),
    soegeord: keyed('identifikator', 'Ord, som klassen findes med.', {
      identifikator: text({
        required: true,
        search: true,
        prose: 'B',
        max: 50,
        doc: 'Søgeordet eller dets nøgle.',
      }),
      beskrivelse: text({ prose: 'B', max: 1024, doc: 'Søgeordet i fuld længde, hvis det er langt.' }),
      orden: text({ max: 20, doc: 'Ordets plads i listen, som KLE skriver den.' }),
      kategori: text({
        search: true,
        max: 100,
        doc: 'Slags søgeord; for KLE handlingsfacetten, som ordet også peger på.',
      }),
    }),
    kleOplysninger: group('Det, KLE siger om et emne ud over standardens egenskaber.', {
      niveau: choice(['Hovedgruppe', 'Gruppe', 'Emne', 'HandlingsfacetKategori', 'Handlingsfacet'], {
        search: true,
        doc: 'Niveauet i KLE.',
      }),
      bevaringJaevnfoerArkivloven: choice(['B', 'K', 'K5', 'K10'], {
        search: true,
        doc: 'Bevares, eller kasseres efter 0, 5 eller 10 år.',
      }),
      sletningJaevnfoerPersondataloven: text({
        search: true,
        max: 30,
        doc: 'Slettefrist fra sagens afslutning, som KLE skriver den, fx P1825D.',
      }),
      oprettetDato: date({ search: true, doc: 'Da emnet blev oprettet i KLE.' }),
      rettetDato: texts({ search: true, max: 10, doc: 'De dage, emnet er rettet i KLE.' }),
      udgaaetDato: date({ search: true, doc: 'Da emnet udgik af KLE.' }),
      flyttetDato: date({ search: true, doc: 'Da emnet blev flyttet i KLE.' }),
      afloestAf: texts({ search: true, max: 20, doc: 'Numrene, der afløser emnet.' }),
      filter: texts({ search: true, max: 100, doc: 'De delplaner, som emnet indgår i.' }),
    }),
    retskildereference: keyed('id', 'En regel, som klassen bygger på.', {
      id: text({ required: true, max: 50, doc: 'Nøgle, der skelner referencerne fra hinanden.' }),
      titel: text({ max: 2000, multiline: true, doc: 'Reglens titel.' }),
      paragrafEllerKapitel: text({ max: 300, doc: 'Stedet i reglen.' }),
      accessionsnummer: text({ search: true, max: 100, doc: 'Reglens nummer hos Retsinformation.' }),
      url: text({ max: 1000, doc: 'Reglens adresse.' }),
    }),
  },
  states: {
    publiceretStatus: state(['Publiceret', 'IkkePubliceret'], { doc: 'Om klassen er udgivet til brug.' }),
  },
  relations: {
    ansvarlig: one(['Organisation', 'OrganisationEnhed', 'Bruger'], {
      doc: 'Den, der svarer for indholdet.',
      search: true,
    }),
    ejer: one(['Organisation', 'OrganisationEnhed'], { doc: 'Den, der ejer klassen.', search: true }),
    facet: one('Facet', {
      required: true,
      search: true,
      doc: 'Facetten, som klassen hører til hele sit liv.',
    }),
    overordnetKlasse: one('Klasse', { search: true, doc: 'Klassen over denne i træet.' }),
    redaktoerer: many(['Organisation', 'OrganisationEnhed', 'Bruger'], {
      doc: 'De, der må redigere.',
      search: true,
    }),
    mapninger: many('Klasse', {
      indexed: true,
      typed: true,
      search: true,
      doc: 'Klasser i andre klassifikationer, som svarer til denne; rollen siger hvordan.',
    }),
    erstatter: many('Klasse', { search: true, doc: 'Klasser, som denne er kommet i stedet for.' }),
    lovligeKombinationer: many('Klasse', { search: true, doc: 'Klasser, som denne må bruges sammen med.' }),
    sideordnede: many('Klasse', { search: true, doc: 'Klasser, som man også bør se på.' }),
    tilfoejelser: many('Klasse', { search: true, doc: 'Klasser, som føjer noget til denne.' }),
  },
});
