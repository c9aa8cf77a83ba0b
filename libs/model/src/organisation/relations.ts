import { many, one, text } from '@stoettesystemer/object';
import { TASK_ROLES } from './vocabulary';

/** An address, told apart by what it is for and its number. */
export const addresses = (roles?: Readonly<Record<string, string>>) =>
  many('Adresse', {
    indexed: true,
    typed: true,
    ...(roles ? { roles } : {}),
    search: true,
    doc: 'Adresser. Rollen siger, hvad adressen bruges til.',
  });

/** Subjects of KLE, at any level; a higher one covers all below it. */
export const tasks = (doc: string) =>
  many('Klasse', {
    roles: TASK_ROLES,
    search: true,
    textField: 'kleNummer',
    doc,
    fields: {
      kleNummer: text({
        search: true,
        max: 8,
        pattern: '\\d\\d(\\.\\d\\d(\\.\\d\\d)?)?',
        doc: 'Nummeret i KLE: 27, 27.18 eller 27.18.02. Det, opslag på emner finder.',
      }),
    },
  });

/** A type, a line of business and the like: one klasse. */
export const classifiedAs = (doc: string, options: { required?: boolean } = {}) =>
  one('Klasse', { search: true, doc, ...options });

export const belongsTo = one('Organisation', {
  search: true,
  doc: 'Den organisation, som objektet hører til.',
});

const to = (target: string, doc: string) => many(target, { search: true, doc });

/** What every kind of object in Organisation can be tied to. */
export const ties = {
  tilknyttedeBrugere: to('Bruger', 'Brugere med tilknytning.'),
  tilknyttedeEnheder: to('OrganisationEnhed', 'Enheder med tilknytning.'),
  tilknyttedeFunktioner: to('OrganisationFunktion', 'Funktioner med tilknytning.'),
  tilknyttedeInteressefaellesskaber: to('Interessefaellesskab', 'Interessefællesskaber med tilknytning.'),
  tilknyttedeOrganisationer: to('Organisation', 'Organisationer med tilknytning.'),
  tilknyttedePersoner: many('Person', { search: true, personal: true, doc: 'Personer med tilknytning.' }),
  tilknyttedeItSystemer: to('ItSystem', 'It-systemer, som bruges.'),
};
