import { define, group, text } from '@stoettesystemer/object';
import { addresses, classifiedAs, tasks, ties } from './relations';
import { gyldighed } from './state';
import { FUNCTION_ADDRESS_ROLES } from './vocabulary';

export const OrganisationFunktion = define({
  name: 'OrganisationFunktion',
  path: 'organisationfunktioner',
  doc:
    'Noget, der varetages: en stilling, en lederpost, et udbetalende kontor, et henvendelsessted, et systems brug. ' +
    'En ansættelses virkning står her.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad funktionen hedder.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen, som brugere kender.',
        }),
        funktionNavn: text({ search: true, prose: 'A', max: 200, doc: 'Funktionens navn, fx stillingen.' }),
      },
      { required: true },
    ),
  },
  states: { gyldighed },
  relations: {
    adresser: addresses(FUNCTION_ADDRESS_ROLES),
    funktionstype: classifiedAs('Hvad slags funktion det er, fx enhedsrolle eller lederrolle.'),
    opgaver: tasks('Opgaver i KLE, som funktionen dækker.'),
    ...ties,
  },
  access: { orgenhed: { facet: 'tilknyttedeEnheder' } },
});
