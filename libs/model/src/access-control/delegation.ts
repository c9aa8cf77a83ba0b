import { define, group, one, state, text } from '@stoettesystemer/object';

export const Delegation = define({
  name: 'Delegation',
  path: 'delegationer',
  doc:
    'En myndighed lader en anden organisations medarbejdere have en af dens jobfunktionsroller. Den, der modtager, skal ' +
    'sige ja, og aftalen ender, når en af dem ender den, eller når dens virkning gør.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvem der modtager rollen, og hvorfor.',
      {
        modtagerCvr: text({
          required: true,
          search: true,
          max: 8,
          pattern: '[1-9]\\d{7}',
          doc: 'CVR-nummeret på den organisation, hvis medarbejdere får rollen.',
        }),
        begrundelse: text({ max: 4000, multiline: true, doc: 'Hvorfor rollen er delegeret.' }),
      },
      { required: true },
    ),
  },
  states: {
    status: state(['Anmodet', 'Accepteret', 'Afvist', 'Ophaevet'], {
      doc: 'Delegationen virker, når den er accepteret.',
      required: true,
    }),
  },
  relations: {
    jobfunktionsrolle: one('Jobfunktionsrolle', {
      required: true,
      search: true,
      doc: 'Rollen, der er delegeret.',
    }),
  },
});
