import { define, group, one, text } from '@stoettesystemer/object';
import { addresses, belongsTo, classifiedAs, tasks, ties } from './relations';
import { gyldighed } from './state';

export const Interessefaellesskab = define({
  name: 'Interessefaellesskab',
  path: 'interessefaellesskaber',
  doc: 'En kreds på tværs af enheder og organisationer: et udvalg, et netværk, et fælles projekt.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad kredsen hedder.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen, som brugere kender.',
        }),
        interessefaellesskabNavn: text({ search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
        interessefaellesskabType: text({
          max: 200,
          doc: 'Bruges ikke; se relationen interessefaellesskabstype.',
        }),
      },
      { required: true },
    ),
  },
  states: { gyldighed },
  relations: {
    adresser: addresses(),
    branche: classifiedAs('Branchen.'),
    interessefaellesskabstype: classifiedAs('Hvad slags kreds det er.'),
    opgaver: tasks('Opgaver, som kredsen løser.'),
    overordnet: one('OrganisationEnhed', { search: true, doc: 'Enheden, som kredsen er under.' }),
    tilhoerer: belongsTo,
    ...ties,
  },
});
