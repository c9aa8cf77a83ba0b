import { type Additions, closed, listOf, operation, ref, type Schema } from '@stoettesystemer/server';

const JSON_TYPE = 'application/json';
const TEXT: Schema = { type: 'string' };

export const trialAdditions: Additions = {
  schemas: {
    Filterforklaring: closed(
      {
        opfyldt: { type: 'boolean' },
        sti: { ...TEXT, description: 'JSON Pointer til den del af filtrene, det er om.' },
        tekst: TEXT,
        dele: listOf(ref('Filterforklaring')),
      },
      ['opfyldt', 'sti', 'tekst'],
    ),
  },
  paths: {
    '/beskedfordeler/v1/abonnementer/proev': {
      post: operation({
        id: 'proevFiltre',
        tag: 'Abonnement',
        summary: 'Prøv filtre på en besked, før de gemmes',
        description:
          'Intet gemmes, og ingen får beskeden. Svaret siger for hver del, om den holder, og hvorfor.',
        body: {
          required: true,
          content: {
            [JSON_TYPE]: closed({ filtre: listOf({ type: 'object' }), besked: ref('Besked') }, [
              'filtre',
              'besked',
            ]),
          },
        },
        answers: [
          {
            status: 200,
            description: 'Om filtrene tager beskeden, og om aftalen giver den.',
            content: {
              [JSON_TYPE]: closed(
                {
                  opfyldt: { type: 'boolean' },
                  forklaring: ref('Filterforklaring'),
                  adgang: { type: 'boolean' },
                },
                ['opfyldt', 'forklaring', 'adgang'],
              ),
            },
          },
        ],
        problems: [422],
      }),
    },
  },
};
