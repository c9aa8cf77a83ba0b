import { type Additions, closed, listOf, operation, ref, type Schema, use } from '@stoettesystemer/server';

const UUID: Schema = { type: 'string', format: 'uuid' };
const note: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 1024,
  description:
    'Hvorfor. Står i historikken som alt, hvad der er tilbage, og må derfor ikke sige, hvem det var, eller have et CPR-nummer.',
};
const json = (schema: Schema) => ({ 'application/json': schema });
const reason = { required: true, content: json(closed({ note }, ['note'])) };
const PATH = '/organisation/v1';

const ALIKE =
  'Hændelserne er slettet og importeret, så den, der har en kopi, skiller sig af med den. Kan ikke fortrydes. ' +
  'Kræver organisation:anonymiser.';

const anonymiser = (
  path: string,
  told: { readonly id: string; readonly tag: string; readonly summary: string; readonly description: string },
) => ({
  [`${PATH}/${path}/{uuid}/anonymiser`]: {
    post: operation({
      ...told,
      parameters: use('uuid', 'If-Match', 'Idempotency-Key', 'formaal'),
      body: reason,
      answers: [
        {
          status: 200,
          description: 'Objektet, som ingen nu kan kendes på.',
          headers: ['ETag', 'Idempotent-Replayed', 'Preference-Applied'],
          content: json(ref(told.tag)),
        },
        {
          status: 204,
          description: 'Objektet var passivt eller slettet, og er anonymiseret.',
          headers: ['Idempotent-Replayed'],
        },
      ],
      problems: [404, 409, 412, 422, 428],
    }),
  },
});

export const protectionAdditions: Additions = {
  paths: {
    ...anonymiser('personer', {
      id: 'anonymiserPerson',
      tag: 'Person',
      summary: 'Anonymiser en person',
      description:
        'Navn, CPR-nummer og nøgle tages bort for altid, også af tidligere registreringer, noter, gemte svar og det, ' +
        'som andre objekter siger, når de peger på personen. Objektet, dets tider og det, der peger på det, er der ' +
        `stadig. Brugere og adresser er objekter for sig og anonymiseres hver for sig. ${ALIKE}`,
    }),
    ...anonymiser('brugere', {
      id: 'anonymiserBruger',
      tag: 'Bruger',
      summary: 'Anonymiser en bruger',
      description:
        'Brugernavn og nøgle tages bort for altid, som når en person anonymiseres. Hvad brugeren hører til, og hvad der ' +
        `peger på den, er der stadig. ${ALIKE}`,
    }),
    ...anonymiser('adresser', {
      id: 'anonymiserAdresse',
      tag: 'Adresse',
      summary: 'Anonymiser en brugers adresse',
      description:
        'Adressen og nøglen tages bort for altid, som når en person anonymiseres. Afvises med 422 i_brug, så længe andet ' +
        `end brugere, der er i brug, peger på den nu eller senere. ${ALIKE}`,
    }),
    [`${PATH}/personer/anonymiser`]: {
      post: operation({
        id: 'anonymiserCpr',
        tag: 'Person',
        summary: 'Anonymiser den, der har eller har haft et CPR-nummer',
        description:
          'Som anonymiser på personen, for alle personer i myndigheden, der er eller har været registreret med nummeret, også slettede. ' +
          'Kræver organisation:anonymiser, ret til historik og secpr-nummer.',
        parameters: use('Idempotency-Key', 'formaal'),
        body: {
          required: true,
          content: json(
            closed(
              {
                cprNummer: { type: 'string', pattern: '^\\d{10}$', 'x-personoplysning': true },
                note,
              },
              ['cprNummer', 'note'],
            ),
          ),
        },
        answers: [
          {
            status: 200,
            description: 'UUID for dem, der blev anonymiseret.',
            headers: ['Idempotent-Replayed'],
            content: json(closed({ data: listOf(UUID) }, ['data'])),
          },
        ],
        problems: [404, 409, 412, 422],
      }),
    },
    [`${PATH}/organisationenheder/{uuid}/fjern`]: {
      post: operation({
        id: 'fjernOrganisationEnhed',
        tag: 'OrganisationEnhed',
        summary: 'Slet en enhed for altid',
        description:
          'Alt, hvad der er registreret om enheden, slettes; tilbage er, at den har været der, hvem der slettede den, og hvorfor. ' +
          'Afvises med 422 i_brug, så længe noget, der er i brug, peger på den nu eller senere. Kan ikke fortrydes. ' +
          'Kræver organisation:fysiskslet.',
        parameters: use('uuid', 'If-Match', 'Idempotency-Key'),
        body: reason,
        answers: [
          { status: 204, description: 'Enheden er der ikke mere.', headers: ['Idempotent-Replayed'] },
        ],
        problems: [404, 409, 412, 422, 428],
      }),
    },
  },
};
