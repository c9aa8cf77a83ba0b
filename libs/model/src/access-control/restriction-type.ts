import { boolean, choice, define, group, keyed, text } from '@stoettesystemer/object';

export const Dataafgraensningstype = define({
  name: 'Dataafgraensningstype',
  path: 'dataafgraensningstyper',
  doc: 'Det, en rolle kan afgrænses ved, fx KLE, følsomhed eller organisatorisk enhed.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad afgrænsningen hedder, og hvilke værdier den kan have.',
      {
        navn: text({ required: true, search: true, prose: 'A', max: 200, doc: 'Navnet, som det vises.' }),
        beskrivelse: text({ prose: 'C', max: 4000, multiline: true, doc: 'Hvad afgrænsningen betyder.' }),
        entityId: text({
          required: true,
          search: true,
          max: 500,
          doc: 'Navnet mellem systemer, fx http://sts.kombit.dk/constraints/KLE/1.',
        }),
        vaerditype: choice(['SINGLE', 'MULTI', 'TEXT', 'ITSYSTEM', 'ITSYSTEM_MULTI'], {
          required: true,
          search: true,
          doc: 'En eller flere fra værdilisten, tekst efter et regulært udtryk, et eller flere it-systemer.',
        }),
        regulaertUdtryk: text({
          max: 500,
          doc: 'Hele værdien skal passe med det; kun for TEXT. Flere værdier skrives med komma imellem.',
        }),
        faelles: boolean({ search: true, doc: 'Om alle systemer må bruge typen.' }),
        dimension: choice(
          [
            'kle',
            'foelsomhed',
            'orgenhed',
            'itsystem',
            'organisation',
            'beskedtype',
            'afsendermyndighed',
            'modtagermyndighed',
            'secpr-nummer',
            'senavn',
          ],
          {
            search: true,
            doc: 'Det, som værdien afgør, når typen er en af støttesystemernes egne: hvilke objekter, eller om CPR-numre og navne vises.',
          },
        ),
        organisationCvr: text({
          required: true,
          search: true,
          max: 8,
          pattern: '[1-9]\\d{7}',
          doc: 'CVR-nummeret på den organisation, der har defineret typen.',
        }),
      },
      { required: true },
    ),
    vaerdi: keyed('vaerdi', 'En værdi, som kan vælges, når typen er SINGLE eller MULTI.', {
      vaerdi: text({ required: true, search: true, max: 200, doc: 'Værdien.' }),
      navn: text({ max: 200, doc: 'Navnet, som den vælges på.' }),
    }),
  },
  states: {},
  relations: {},
  access: { organisation: { facet: 'egenskaber', field: 'organisationCvr' } },
});
