import { define, group, text } from '@stoettesystemer/object';

export const Person = define({
  name: 'Person',
  path: 'personer',
  doc: 'Et menneske bag en eller flere brugere. Navn og CPR-nummer ses kun af dem, hvis aftale giver det.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvem personen er.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen, fx et medarbejdernummer; aldrig CPR-nummeret.',
        }),
        cprNummer: text({
          search: true,
          personal: true,
          guard: 'secpr-nummer',
          max: 10,
          pattern: '\\d{10}',
          doc: 'CPR-nummeret.',
        }),
        navn: text({
          required: true,
          search: true,
          personal: true,
          guard: 'senavn',
          max: 100,
          doc: 'Navnet.',
        }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {},
});
