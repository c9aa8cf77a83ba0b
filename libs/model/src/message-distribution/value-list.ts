import { define, group, text } from '@stoettesystemer/object';
import { belongsToSystem, itsSystem } from './its-system';

export const Vaerdiliste = define({
  name: 'Vaerdiliste',
  path: 'vaerdilister',
  doc:
    'En navngivet mængde af værdier, som abonnementer kan spørge efter; typisk de borgere, som et system følger. ' +
    'Værdierne lægges til og tages bort for sig, og personnumre i dem gives aldrig ud igen.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad listen hedder.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 100,
          doc: 'Navnet, som systemet kender den ved.',
        }),
        navn: text({ search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: { anvendersystem: itsSystem },
  access: belongsToSystem,
});
