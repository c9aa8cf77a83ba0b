import { define, group, many, one, text } from '@stoettesystemer/object';
import { addresses, belongsTo, classifiedAs, tasks, ties } from './relations';
import { gyldighed } from './state';

export const Organisation = define({
  name: 'Organisation',
  path: 'organisationer',
  doc: 'En administrativ organisation, fx en kommune. Dens enheder danner et træ med én rod.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad organisationen hedder.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen, som brugere kender.',
        }),
        organisationNavn: text({
          search: true,
          prose: 'A',
          max: 200,
          doc: 'Navnet; udelades, når det står i CVR.',
        }),
      },
      { required: true },
    ),
  },
  states: { gyldighed },
  relations: {
    adresser: addresses(),
    ansatte: many('Person', { search: true, personal: true, doc: 'Personer ansat i organisationen.' }),
    branche: classifiedAs('Branchen.'),
    organisationstype: classifiedAs('Hvad slags organisation det er.'),
    myndighed: one('Myndighed', { search: true, doc: 'Myndigheden, som organisationen er.' }),
    myndighedstype: classifiedAs('Hvad slags myndighed det er.'),
    virksomhedstype: classifiedAs('Hvad slags virksomhed det er.'),
    opgaver: tasks('Opgaver, som organisationen løser.'),
    overordnet: one('OrganisationEnhed', { search: true, doc: 'Den øverste enhed i organisationens træ.' }),
    produktionsenhed: one('Virksomhed', { search: true, doc: 'Produktionsenheden.' }),
    skatteenhed: one('Virksomhed', { search: true, doc: 'Skatteenheden.' }),
    tilhoerer: belongsTo,
    ...ties,
    virksomhed: one('Virksomhed', { search: true, doc: 'Virksomheden med organisationens CVR-nummer.' }),
  },
});
