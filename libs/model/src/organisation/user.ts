import { define, group, many, text } from '@stoettesystemer/object';
import { addresses, belongsTo, tasks, ties } from './relations';
import { gyldighed } from './state';
import { USER_ADDRESS_ROLES } from './vocabulary';

export const Bruger = define({
  name: 'Bruger',
  path: 'brugere',
  doc: 'En bruger i kommunens it: et menneskes eller et systems konto. En ansat kan have flere.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad brugeren hedder i it-systemerne.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen; normalt brugernavnet.',
        }),
        brugerNavn: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Brugernavnet, som der logges ind med.',
        }),
        brugerType: text({ max: 200, doc: 'Bruges ikke; se relationen brugerTyper.' }),
      },
      { required: true },
    ),
  },
  states: { gyldighed },
  relations: {
    adresser: addresses(USER_ADDRESS_ROLES),
    brugerTyper: many('Klasse', {
      search: true,
      doc: 'Hvad slags bruger det er: intern, ekstern eller ingen person.',
    }),
    opgaver: tasks('Opgaver, som brugeren løser.'),
    tilhoerer: belongsTo,
    ...ties,
  },
});
