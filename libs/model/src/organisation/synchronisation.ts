import { choice, define, group, instant, integer, text } from '@stoettesystemer/object';

const count = (doc: string) => integer({ required: true, min: 0, doc });

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
        resultat: choice(['Gennemfoert', 'Standset', 'Afbrudt'], {
          required: true,
          search: true,
          doc:
            'Gennemfoert: hele kilden er læst. Standset: så meget manglede i den, at intet blev afsluttet. Afbrudt: ' +
            'kilden kom ikke helt frem; kør indlæsningen igen.',
        }),
        startet: instant({ required: true, search: true, doc: 'Da indlæsningen begyndte.' }),
        afsluttet: instant({ required: true, search: true, doc: 'Da indlæsningen var færdig.' }),
        oprettet: count('Antal objekter, der blev oprettet.'),
        rettet: count('Antal objekter, der blev rettet.'),
        uaendret: count('Antal objekter, som kilden ikke sagde noget nyt om.'),
        afvist: count('Antal objekter, der blev afvist.'),
        foraeldreloese: count('Antal objekter fra kilden, som den ikke har mere.'),
        lukket: count('Antal forældreløse objekter, der blev afsluttet.'),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {},
});
