import {
  type Additions,
  closed,
  listOf,
  operation,
  orNull,
  ref,
  type Schema,
  use,
} from '@stoettesystemer/server';
import { BATCH_TYPE } from '../envelope/cloud-event/cloud-event';
import { JSON_TYPE, UUID } from '../message/open-api';
import { MOST } from './bodies';

const TEXT: Schema = { type: 'string' };
const INSTANT: Schema = { type: 'string', format: 'date-time' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const POSITION: Schema = { type: 'integer', minimum: 1 };
const between = (minimum: number, maximum: number, more: Schema = {}): Schema => ({
  type: 'integer',
  minimum,
  maximum,
  ...more,
});
const all = (properties: Readonly<Record<string, Schema>>): Schema =>
  closed(properties, Object.keys(properties));
const query = (name: string, description: string, schema: Schema) =>
  ({ name, in: 'query', description, schema, required: false }) as const;

const LIMIT = query('limit', 'Højst så mange.', between(1, MOST.claim));
const WAIT = query('vent', 'Så mange sekunder ventes der, når der intet er.', between(0, MOST.wait));
const after = (description: string) => query('efter', description, COUNT);
const body = (schema: Schema, required = true) => ({ required, content: { [JSON_TYPE]: schema } });
const answer = (status: number, description: string, schema: Schema) => ({
  status,
  description,
  content: { [JSON_TYPE]: schema },
});

const state = all({
  tilstand: { enum: ['aktiv', 'pauset'] },
  lukket: { ...orNull(TEXT), description: 'Hvorfor modtageren ikke vil have flere; null, når den vil.' },
  modtager: {
    ...orNull(
      all({
        tilstand: { enum: ['afventer', 'tilladt', 'afvist'] },
        aarsag: orNull(TEXT),
        spurgt: orNull(INSTANT),
        spoergesIgen: orNull(INSTANT),
      }),
    ),
    description: 'Ved push: om modtageren har svaret, at den vil have beskeder. Før det sendes der ingen.',
  },
  foerste: { ...POSITION, description: 'Den første position, der gemmes.' },
  sidste: COUNT,
  ventende: COUNT,
  iKrav: COUNT,
  fejlede: COUNT,
  aeldste: orNull(all({ position: POSITION, siden: INSTANT, sekunder: COUNT })),
  efterslaeb: { ...COUNT, description: 'Beskeder, som endnu ikke er holdt op mod nogen abonnementer.' },
  alarmSiden: orNull(INSTANT),
  genafspilninger: listOf(
    all({ nummer: POSITION, bedtOm: INSTANT, faerdig: orNull(INSTANT), beskeder: COUNT }),
  ),
});
const letter = all({
  position: POSITION,
  aarsag: orNull(TEXT),
  forsoeg: COUNT,
  opgivet: INSTANT,
  besked: orNull({
    type: 'object',
    additionalProperties: true,
    description: 'Beskedens attributter; null, når aftalen ikke længere giver den.',
  }),
});
const which = closed(
  { positioner: listOf(POSITION, { minItems: 1, maxItems: MOST.positions }), alle: { const: true } },
  [],
  { description: 'Det ene af dem.' },
);
const place: Schema = { anyOf: [POSITION, INSTANT] };
const facts = (id: string, summary: string, description?: string) => ({
  id,
  tag: 'Dueslag',
  summary,
  ...(description === undefined ? {} : { description }),
  problems: [404],
});

const at = (rest: string) => `/beskedfordeler/v1/dueslag/{uuid}/${rest}`;
const path = (operations: Record<string, unknown>) => ({ parameters: use('uuid'), ...operations });

export const mailboxAdditions: Additions = {
  paths: {
    [at('krav')]: path({
      post: operation({
        ...facts(
          'kraevBeskeder',
          'Tag beskeder ud, for en tid',
          'Beskeder om det samme er kun i ét krav ad gangen og i rækkefølge. Et krav, der udløber, giver sine beskeder tilbage.',
        ),
        body: body(
          closed(
            {
              antal: between(1, MOST.claim, { default: 100 }),
              sekunder: between(1, MOST.lease, { default: 60 }),
              vent: between(0, MOST.wait, { default: 0 }),
            },
            [],
          ),
          false,
        ),
        answers: [
          answer(
            200,
            'Beskederne; krav er null, når der ingen er.',
            all({ krav: orNull(UUID), udloeber: orNull(INSTANT), beskeder: listOf(ref('Besked')) }),
          ),
        ],
      }),
    }),
    [at('kvitteringer')]: path({
      post: operation({
        ...facts(
          'kvitterForBeskeder',
          'Sig, hvad der blev af beskeder i et krav',
          'Modtagne beskeder kommer ikke igen. Afviste lægges i fejlkøen. Et krav, der er slut, er 409.',
        ),
        problems: [404, 409, 422],
        body: body(
          closed(
            {
              krav: UUID,
              modtaget: listOf(TEXT, { maxItems: MOST.receipts }),
              afvist: listOf(all({ id: TEXT, aarsag: { ...TEXT, minLength: 1, maxLength: 500 } }), {
                maxItems: MOST.receipts,
              }),
            },
            ['krav'],
          ),
        ),
        answers: [{ status: 204, description: 'Skrevet ned.' }],
      }),
    }),
    [at('beskeder')]: path({
      get: operation({
        ...facts(
          'laesBeskeder',
          'Læs beskeder videre fra en position',
          'Intet tages ud: modtageren husker selv, hvor langt den er. Hver besked har sin position med.',
        ),
        problems: [404, 410],
        parameters: [after('Positionen på den sidst læste; 0 for begyndelsen.'), LIMIT, WAIT],
        answers: [
          {
            status: 200,
            description: 'Beskederne; en tom liste, når alt er læst.',
            headers: ['Link'],
            content: { [BATCH_TYPE]: listOf(ref('Besked')) },
          },
        ],
      }),
    }),
    [at('tilstand')]: path({
      get: operation({
        ...facts('visDueslag', 'Hvordan dueslaget har det'),
        answers: [answer(200, 'Hvad der venter, og hvor længe.', state)],
      }),
    }),
    [at('fejlkoe')]: path({
      get: operation({
        ...facts('listFejlkoe', 'Beskeder, der er opgivet'),
        parameters: [after('Positionen på den sidst læste.'), LIMIT],
        answers: [
          answer(200, 'I dueslagets rækkefølge.', all({ data: listOf(letter), naeste: orNull(POSITION) })),
        ],
      }),
    }),
    [at('fejlkoe/gensend')]: path({
      post: operation({
        ...facts('gensendFejlede', 'Send opgivne beskeder igen'),
        body: body(which),
        answers: [answer(200, 'Hvor mange.', all({ antal: COUNT }))],
      }),
    }),
    [at('fejlkoe/kasser')]: path({
      post: operation({
        ...facts('kasserFejlede', 'Kassér opgivne beskeder'),
        body: body(which),
        answers: [answer(200, 'Hvor mange.', all({ antal: COUNT }))],
      }),
    }),
    [at('genafspil')]: path({
      post: operation({
        ...facts(
          'genafspil',
          'Få beskeder igen',
          'Fra og til er positioner i dueslaget, begge med, eller tidspunkter (til er ikke med). De beskeder, som abonnementerne ' +
            'tager nu, lægges efter det, der er, i rækkefølge og med de samme ider.',
        ),
        problems: [404, 422],
        body: body(closed({ fra: place, til: place }, ['fra'])),
        answers: [answer(202, 'Der er bedt om det; se tilstand.', all({ nummer: POSITION }))],
      }),
    }),
  },
};
