import { define, group, one, text } from '@stoettesystemer/object';

export const Service = define({
  name: 'Service',
  path: 'services',
  doc: 'Noget, som et it-system udbyder til andre, fx Klassifikation. Et token gælder én service.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad servicen hedder, og hvad den giver adgang til.',
      {
        navn: text({ required: true, search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
        beskrivelse: text({
          prose: 'C',
          max: 4000,
          multiline: true,
          doc: 'Hvilke data servicen har, så den, der godkender en aftale, ved, hvad der godkendes.',
        }),
        entityId: text({
          required: true,
          search: true,
          max: 500,
          doc: 'Modtageren af tokens, fx urn:stoettesystemerne:service:klassifikation.',
        }),
        version: text({ max: 20, doc: 'Servicens version.' }),
        organisationCvr: text({
          required: true,
          search: true,
          max: 8,
          pattern: '[1-9]\\d{7}',
          doc: 'CVR-nummeret på den organisation, der udbyder servicen.',
        }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {
    udbyder: one('ItSystem', { search: true, doc: 'It-systemet, der udbyder servicen.' }),
  },
  access: { organisation: { facet: 'egenskaber', field: 'organisationCvr' } },
});
