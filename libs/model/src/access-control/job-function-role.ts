import { define, group, keyed, state, text, texts } from '@stoettesystemer/object';
import { restrictionValue } from './role-parts';

export const Jobfunktionsrolle = define({
  name: 'Jobfunktionsrolle',
  path: 'jobfunktionsroller',
  doc:
    'En myndigheds egen rolle til en slags arbejde: brugersystemroller, hver med sine dataafgrænsninger. Hvem der har ' +
    'den, ved kun myndighedens egen IdP.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad rollen hedder.',
      {
        navn: text({ required: true, search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
        beskrivelse: text({ prose: 'C', max: 4000, multiline: true, doc: 'Hvad den, der har rollen, kan.' }),
        entityId: text({
          required: true,
          search: true,
          max: 500,
          doc: 'Navnet, som IdP’en sender, fx http://eksempel.dk/roles/jobrole/sagsbehandler/1.',
        }),
      },
      { required: true },
    ),
    rolle: keyed('id', 'En brugersystemrolle, som jobfunktionsrollen giver.', {
      id: text({ required: true, max: 100, doc: 'Nøgle, der skelner rollerne fra hinanden.' }),
      brugersystemrolle: text({ required: true, search: true, max: 36, doc: 'UUID på brugersystemrollen.' }),
    }),
    afgraensning: keyed(
      'id',
      'De data, som en brugersystemrolle er afgrænset til.',
      restrictionValue('jobfunktionsrollen', true),
    ),
    aendring: group(
      'Hvem der har ændret rollen, siden den sidst blev godkendt; ingen af dem kan godkende den.',
      {
        af: texts({ max: 200, doc: 'UUID på den bruger eller det it-system, som tokenet er udstedt til.' }),
      },
    ),
  },
  states: {
    godkendelse: state(['AfventerGodkendelse', 'Godkendt', 'Afvist'], {
      doc:
        'Om en anden har sagt ja, hvor der skal to til. Rollen virker kun, når den er godkendt; hvor der ikke skal to ' +
        'til, er den godkendt, når intet er sagt.',
    }),
  },
  relations: {},
});
