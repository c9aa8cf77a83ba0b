import { define, group, text } from '@stoettesystemer/object';

export const Adresse = define({
  name: 'Adresse',
  path: 'adresser',
  doc: 'En adresse af enhver slags: et sted, en postkasse, et telefonnummer. Andre peger på den og siger, hvad den bruges til.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Adressen.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 200,
          doc: 'Nøglen; for et sted helst adressens UUID i DAR.',
        }),
        adresse: text({
          required: true,
          search: true,
          prose: 'A',
          max: 200,
          doc: 'Adressen, som den skrives.',
        }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {},
});
