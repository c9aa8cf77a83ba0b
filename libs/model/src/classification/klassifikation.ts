import { define, group, one, state, text } from '@stoettesystemer/object';

export const Klassifikation = define({
  name: 'Klassifikation',
  path: 'klassifikationer',
  doc: 'Et klassifikationssystem: en samling af facetter, hvis klasser man beskriver sager, opgaver og andet med.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad klassifikationen hedder, og hvad den er.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 50,
          doc: 'Navnet, man slår op med, fx KLE.',
        }),
        titel: text({ search: true, prose: 'A', max: 300, doc: 'Titlen, som den vises.' }),
        beskrivelse: text({
          prose: 'C',
          max: 10_000,
          multiline: true,
          doc: 'Hvad klassifikationen bruges til.',
        }),
        kaldenavn: text({ search: true, prose: 'B', max: 50, doc: 'Det, den kaldes i daglig tale.' }),
        ophavsret: text({
          max: 4096,
          multiline: true,
          doc: 'Hvem der har ophavsretten, og på hvilke vilkår.',
        }),
      },
      { required: true },
    ),
  },
  states: {
    publiceretStatus: state(['Publiceret', 'IkkePubliceret'], {
      doc: 'Om klassifikationen er udgivet til brug.',
    }),
  },
  relations: {
    ansvarlig: one(['Organisation', 'OrganisationEnhed', 'Bruger'], {
      doc: 'Den, der svarer for indholdet.',
      search: true,
    }),
    ejer: one(['Organisation', 'OrganisationEnhed'], {
      doc: 'Den, der ejer klassifikationen.',
      search: true,
    }),
  },
});
