import { define, group, many, text, texts } from '@stoettesystemer/object';
import { addresses, tasks, ties } from './relations';
import { gyldighed } from './state';

/** An it-system as organisations use it; the one that gets tokens is Adgangsstyring's ItSystem. */
export const OrganisationItSystem = define({
  name: 'ItSystem',
  path: 'itsystemer',
  doc: 'Et it-system, som organisationer og enheder bruger.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad systemet hedder.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen, som brugere kender.',
        }),
        itSystemNavn: text({
          required: true,
          search: true,
          prose: 'A',
          max: 200,
          doc: 'Navnet, som det vises.',
        }),
        itSystemType: text({ max: 200, doc: 'Bruges ikke; se relationen systemTyper.' }),
        konfigurationReference: texts({ max: 255, doc: 'Bruges ikke: henvisninger til opsætningen.' }),
      },
      { required: true },
    ),
  },
  states: { gyldighed },
  relations: {
    adresser: addresses(),
    systemTyper: many('Klasse', { search: true, doc: 'Hvad slags system det er.' }),
    opgaver: tasks('Opgaver, som systemet bruges til.'),
    tilhoerer: many('Organisation', { search: true, doc: 'De organisationer, som systemet hører til.' }),
    ...ties,
  },
});
