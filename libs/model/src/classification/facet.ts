import { define, group, many, one, state, text } from '@stoettesystemer/object';

export const Facet = define({
  name: 'Facet',
  path: 'facetter',
  doc: 'Et synspunkt i en klassifikation, fx KLE’s Emne og Handlingsfacet. Hver klasse hører til én facet hele sit liv.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad facetten hedder, og hvordan den er bygget op.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 50,
          doc: 'Navnet, man slår op med, fx Emne.',
        }),
        titel: text({ search: true, prose: 'A', max: 300, doc: 'Titlen, som den vises.' }),
        beskrivelse: text({ prose: 'C', max: 10_000, multiline: true, doc: 'Hvad facetten bruges til.' }),
        opbygning: text({ max: 1024, multiline: true, doc: 'Hvordan numrene er bygget op.' }),
        ophavsret: text({
          max: 4096,
          multiline: true,
          doc: 'Hvem der har ophavsretten, og på hvilke vilkår.',
        }),
        planIdentifikator: text({ max: 100, doc: 'Den udgivelse, som facetten følger.' }),
        supplement: text({ max: 1024, multiline: true, doc: 'Supplerende regler for brugen.' }),
        retskilde: text({ max: 4096, multiline: true, doc: 'De regler, som facetten bygger på.' }),
      },
      { required: true },
    ),
  },
  states: {
    publiceretStatus: state(['Publiceret', 'IkkePubliceret'], { doc: 'Om facetten er udgivet til brug.' }),
  },
  relations: {
    ansvarlig: one(['Organisation', 'OrganisationEnhed', 'Bruger'], {
      doc: 'Den, der svarer for indholdet.',
      search: true,
    }),
    ejer: one(['Organisation', 'OrganisationEnhed'], { doc: 'Den, der ejer facetten.', search: true }),
    facetTilhoerer: one('Klassifikation', {
      doc: 'Klassifikationen, som facetten er en del af.',
      search: true,
    }),
    redaktoerer: many(['Organisation', 'OrganisationEnhed', 'Bruger'], {
      doc: 'De, der må redigere.',
      search: true,
    }),
  },
});
