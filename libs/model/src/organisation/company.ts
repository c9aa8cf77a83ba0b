import { define, group, text } from '@stoettesystemer/object';

export const Virksomhed = define({
  name: 'Virksomhed',
  path: 'virksomheder',
  doc: 'En virksomhed, som den står i CVR.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvem virksomheden er.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen; normalt CVR-nummeret.',
        }),
        cvrNummer: text({ search: true, max: 8, pattern: '\\d{8}', doc: 'CVR-nummeret.' }),
        seNummer: text({ search: true, max: 8, pattern: '\\d{8}', doc: 'SE-nummeret.' }),
        pNummer: text({ max: 10, pattern: '\\d{10}', doc: 'P-nummeret.' }),
        navn: text({ search: true, prose: 'A', max: 200, doc: 'Navnet.' }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {},
});
