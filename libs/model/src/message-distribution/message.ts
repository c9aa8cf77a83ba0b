import { choice, define, group, text, texts, uuid } from '@stoettesystemer/object';

const CVR = '[1-9]\\d{7}';

/**
 * A message, as rights to it are judged; it is no registered object, and has no routes of this kind. `besked:skriv` is to
 * send, `besked:laes` to receive.
 */
export const Besked = define({
  name: 'Besked',
  path: 'beskeder',
  doc: 'En besked om noget, der er sket. Rettigheden til at sende er besked:skriv, til at modtage besked:laes.',
  deletion: 'physical',
  attributes: {
    egenskaber: group('Det, som adgangen til beskeden afgøres af.', {
      beskedtype: uuid({ required: true, doc: 'Klassen, som siger, hvad beskeden handler om.' }),
      ansvarligmyndighed: text({
        required: true,
        max: 8,
        pattern: CVR,
        doc: 'Myndigheden, som beskeden er fra.',
      }),
      tilladtmodtager: texts({ max: 8, pattern: CVR, doc: 'Myndigheder, som må modtage den.' }),
      opgaveemne: text({ max: 10, doc: 'KLE-nummer.' }),
      foelsomhed: choice(
        ['IKKE_FORTROLIGE_DATA', 'FORTROLIGE_PERSONOPLYSNINGER', 'FOELSOMME_PERSONOPLYSNINGER', 'VIP_SAGER'],
        { doc: 'Hvor følsom beskeden er; det højeste niveau, når intet er sagt.' },
      ),
    }),
  },
  states: {},
  relations: {},
  access: {
    beskedtype: { facet: 'egenskaber', field: 'beskedtype' },
    kle: { facet: 'egenskaber', field: 'opgaveemne' },
    foelsomhed: { facet: 'egenskaber', field: 'foelsomhed' },
    afsendermyndighed: { facet: 'egenskaber', field: 'ansvarligmyndighed' },
    modtagermyndighed: { facet: 'egenskaber', field: 'tilladtmodtager' },
  },
});
