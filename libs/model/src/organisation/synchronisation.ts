import { choice, define, group, instant, integer, text } from '@stoettesystemer/object';

/** One for each source; each run is a registration, so the runs of the past are its history. */
export const Synkronisering = define({
  name: 'Synkronisering',
  path: 'synkroniseringer',
  doc: 'Den seneste indlæsning fra en kilde, fx kommunens brugerkatalog. Tidligere indlæsninger er dens historik.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvordan det gik.',
      {
        kilde: text({
          required: true,
          search: true,
          max: 100,
          doc: 'Kildens navn, som kommunen kender den.',
        }),
        form: choice(['os2mo', 'enhedstrae', 'csv', 'ndjson'], {
          required: true,
          search: true,
          doc: 'Filens form.',
        }),
        startet: instant({ required: true, search: true, doc: 'Da indlæsningen begyndte.' }),
        afsluttet: instant({ required: true, search: true, doc: 'Da indlæsningen var færdig.' }),
        oprettet: integer({ required: true, min: 0, doc: 'Antal objekter, der blev oprettet.' }),
        rettet: integer({ required: true, min: 0, doc: 'Antal objekter, der blev rettet.' }),
        uaendret: integer({
          required: true,
          min: 0,
          doc: 'Antal objekter, som kilden ikke sagde noget nyt om.',
        }),
        afvist: integer({ required: true, min: 0, doc: 'Antal objekter, der blev afvist.' }),
        foraeldreloese: integer({
          required: true,
          min: 0,
          doc: 'Antal objekter fra kilden, som den ikke har mere.',
        }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {},
});
