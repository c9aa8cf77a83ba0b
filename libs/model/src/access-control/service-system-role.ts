import { boolean, define, keyed, one, text } from '@stoettesystemer/object';
import { roleProperties, roleRestrictions } from './role-parts';

const egenskaber = roleProperties('Det, systemet må i servicen, fx klasse:laes.');

export const Servicesystemrolle = define({
  name: 'Servicesystemrolle',
  path: 'servicesystemroller',
  doc: 'En rolle, som et anvendersystem kan få i en service gennem en serviceaftale.',
  deletion: 'logical',
  attributes: {
    egenskaber: {
      ...egenskaber,
      fields: {
        ...egenskaber.fields,
        tvaergaaende: boolean({
          search: true,
          doc: 'Rollen gælder for alle myndigheder og gives kun af den fælles organisation.',
        }),
      },
    },
    dataafgraensning: roleRestrictions,
    fastAfgraensning: keyed('dataafgraensningstype', 'Afgrænsninger, som rollen altid har.', {
      dataafgraensningstype: text({ required: true, max: 500, doc: 'Dataafgrænsningstypens entityId.' }),
      kilde: text({
        required: true,
        max: 50,
        pattern: 'Leverandoer|Anvendersystem',
        doc: 'Leverandoer: CVR-nummeret på den organisation, der har registreret anvendersystemet. Anvendersystem: systemets UUID.',
      }),
    }),
  },
  states: {},
  relations: {
    service: one('Service', { required: true, search: true, doc: 'Servicen, som rollen er i.' }),
  },
  access: { organisation: { facet: 'egenskaber', field: 'organisationCvr' } },
});
