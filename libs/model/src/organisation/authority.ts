import { define, group, text } from '@stoettesystemer/object';

export const Myndighed = define({
  name: 'Myndighed',
  path: 'myndigheder',
  doc: 'En offentlig myndighed med kode og CVR-nummer.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvem myndigheden er.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen, som brugere kender.',
        }),
        myndighedskode: text({
          required: true,
          search: true,
          max: 4,
          pattern: '\\d{3,4}',
          doc: 'Myndighedskoden, fx kommunekoden.',
        }),
        cvrNummer: text({ search: true, max: 8, pattern: '\\d{8}', doc: 'CVR-nummeret.' }),
        navn: text({ search: true, prose: 'A', max: 200, doc: 'Navnet.' }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {},
});
