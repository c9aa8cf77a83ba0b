import { define, group, one, state, text } from '@stoettesystemer/object';

export const Foederationsaftale = define({
  name: 'Foederationsaftale',
  path: 'foederationsaftaler',
  doc: 'En myndigheds ord for, at en bestemt IdP må sige, hvem dens brugere er, og hvilke jobfunktionsroller de har.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad aftalen hedder.',
      { navn: text({ required: true, search: true, max: 200, doc: 'Navnet, som det vises.' }) },
      { required: true },
    ),
  },
  states: {
    status: state(['Aktiv', 'Ophaevet'], { doc: 'Om IdP’en bruges.', required: true }),
  },
  relations: {
    identityProvider: one('ItSystem', { required: true, search: true, doc: 'IdP’en.' }),
    brugervendtSystem: one('ItSystem', {
      search: true,
      doc: 'Det ene system, som aftalen gælder; alle, når intet er sagt.',
    }),
  },
});
