import { boolean, choice, define, many, one } from '@stoettesystemer/object';
import { roleProperties, roleRestrictions } from './role-parts';

const egenskaber = roleProperties('Det, brugeren må i de services, som rollen rækker til, fx klasse:laes.');

export const Brugersystemrolle = define({
  name: 'Brugersystemrolle',
  path: 'brugersystemroller',
  doc: 'En rolle for mennesker i et brugervendt system. Den gives ikke direkte, men gennem en jobfunktionsrolle.',
  deletion: 'logical',
  attributes: {
    egenskaber: {
      ...egenskaber,
      fields: {
        ...egenskaber.fields,
        nsisNiveau: choice(['Low', 'Substantial', 'High'], {
          search: true,
          doc: 'Det laveste NSIS-niveau, som brugeren skal være logget ind på; Substantial, når det ikke er sagt.',
        }),
        kraeverGodkendelse: boolean({
          search: true,
          doc: 'En jobfunktionsrolle med denne rolle skal godkendes af en anden end den, der laver den.',
        }),
      },
    },
    dataafgraensning: roleRestrictions,
  },
  states: {},
  relations: {
    brugervendtSystem: one('ItSystem', {
      required: true,
      search: true,
      doc: 'Systemet, som rollen er i.',
    }),
    service: many('Service', { search: true, doc: 'De services, som rollens privilegier gælder i.' }),
  },
  access: { organisation: { facet: 'egenskaber', field: 'organisationCvr' } },
});
