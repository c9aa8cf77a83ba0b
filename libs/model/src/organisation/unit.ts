import { define, group, many, one, text } from '@stoettesystemer/object';
import { addresses, belongsTo, classifiedAs, tasks, ties } from './relations';
import { gyldighed } from './state';
import { UNIT_ADDRESS_ROLES } from './vocabulary';

export const OrganisationEnhed = define({
  name: 'OrganisationEnhed',
  path: 'organisationenheder',
  doc: 'En enhed i en organisation: et område, en afdeling, et team. Enhederne danner et træ.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad enheden hedder.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen, som brugere kender.',
        }),
        enhedNavn: text({
          required: true,
          search: true,
          prose: 'A',
          max: 200,
          doc: 'Navnet, som det vises.',
        }),
      },
      { required: true },
    ),
  },
  states: { gyldighed },
  relations: {
    adresser: addresses(UNIT_ADDRESS_ROLES),
    ansatte: many('Person', { search: true, personal: true, doc: 'Personer ansat i enheden.' }),
    branche: classifiedAs('Branchen.'),
    enhedstype: classifiedAs('Hvad slags enhed det er.'),
    opgaver: tasks('Opgaver i KLE, som enheden løser; et højere niveau dækker alt under sig.'),
    overordnet: one('OrganisationEnhed', { search: true, doc: 'Enheden over denne; roden har ingen.' }),
    produktionsenhed: one('Virksomhed', { search: true, doc: 'Produktionsenheden.' }),
    skatteenhed: one('Virksomhed', { search: true, doc: 'Skatteenheden.' }),
    tilhoerer: belongsTo,
    ...ties,
  },
  access: { orgenhed: { itself: true } },
});
