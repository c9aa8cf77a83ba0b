import { type Additions, closed, listOf, ref, type Schema } from '@stoettesystemer/server';

const TAG = 'Tokens';
const FORM = 'application/x-www-form-urlencoded';
const TEXT: Schema = { type: 'string' };
const MORE: Schema = { type: 'object' };

const json = (schema: Schema, type = 'application/json') => ({ content: { [type]: { schema } } });
const refused = (description: string) => ({ description, ...json(ref('OAuthfejl')) });
const problem = (description: string) => ({
  description,
  ...json(ref('Problem'), 'application/problem+json'),
});
/** The errors of OAuth, and what the server may answer before oidc-provider sees the request. */
const REFUSALS = {
  400: {
    description: 'Forespørgslen er afvist; error siger hvorfor.',
    content: {
      'application/json': { schema: ref('OAuthfejl') },
      'application/problem+json': { schema: ref('Problem') },
      'text/plain': { schema: TEXT },
    },
  },
  401: refused('Systemet har ikke vist, hvem det er.'),
  429: refused('Systemet beder om for mange tokens. Retry-After siger, hvor længe der skal ventes.'),
  500: refused('Serveren fejlede.'),
  503: {
    description: 'Serveren kan ikke svare lige nu. Retry-After siger, hvor længe der skal ventes.',
    content: {
      'application/json': { schema: ref('OAuthfejl') },
      'application/problem+json': { schema: ref('Problem') },
    },
  },
};

interface Facts {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Schema[];
  readonly form?: Schema;
  readonly responses: Readonly<Record<string, Schema>>;
}

const open = ({ id, summary, description, parameters = [], form, responses }: Facts) => ({
  operationId: id,
  tags: [TAG],
  summary,
  ...(description === undefined ? {} : { description }),
  parameters: [{ $ref: '#/components/parameters/x-TransaktionsId' }, ...parameters],
  ...(form ? { requestBody: { required: true, content: { [FORM]: { schema: form } } } } : {}),
  responses,
  security: [],
});

const parameters = (names: Readonly<Record<string, string>>, required: readonly string[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(names).map(([name, description]) => [name, { ...TEXT, description }]),
  ),
  required: [...required],
});

const RESOURCE = 'Servicens entityId; netop én.';
const SCOPE = 'cvr:12345678: den kommune, som tokenet skal gælde for.';
const CLIENT = {
  client_id: 'It-systemets UUID.',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: 'Systemets underskrevne JWT; aud er udstederen, og den kan bruges én gang.',
};

const tokenForm = parameters(
  {
    grant_type:
      'client_credentials, authorization_code eller urn:ietf:params:oauth:grant-type:token-exchange.',
    resource: RESOURCE,
    scope: SCOPE,
    ...CLIENT,
    code: 'Koden fra login.',
    code_verifier: 'PKCE.',
    redirect_uri: 'Den adresse, som koden kom til.',
    subject_token: 'Det adgangstoken, som en service er kaldt med, og som veksles.',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  },
  ['grant_type'],
);
const parForm = parameters(
  {
    ...CLIENT,
    response_type: 'code',
    redirect_uri: 'En af systemets registrerede adresser.',
    resource: RESOURCE,
    scope: 'openid cvr:12345678',
    code_challenge: 'PKCE.',
    code_challenge_method: 'S256',
    state: 'Gives uændret tilbage.',
    nonce: 'Står i id-tokenet.',
    acr_values: 'Det NSIS-niveau, som brugeren mindst skal have.',
  },
  ['response_type', 'redirect_uri', 'code_challenge', 'code_challenge_method'],
);

const query = (name: string, description: string, required = true): Schema => ({
  name,
  in: 'query',
  required,
  description,
  schema: TEXT,
});
const sent = (description: string) => ({
  description,
  content: { 'text/plain': { schema: TEXT }, 'text/html': { schema: TEXT } },
});
const metadata = (id: string) => ({
  get: open({
    id,
    summary: 'Hvad tokentjenesten kan, og hvor den er.',
    responses: { 200: { description: 'Metadata (RFC 8414).', ...json(MORE) }, 503: problem('Lukker.') },
  }),
});

export const tokenServiceAdditions: Additions = {
  paths: {
    '/adgangsstyring/token': {
      post: open({
        id: 'hent-token',
        summary: 'Et adgangstoken til én service og én kommune.',
        description:
          'Tokenet gælder i højst 300 sekunder og indeholder de roller og afgrænsninger, som serviceaftalen giver. ' +
          'I drift bindes det til systemets nøgle (DPoP) eller certifikat.',
        form: tokenForm,
        responses: { 200: { description: 'Tokenet.', ...json(ref('Tokensvar')) }, ...REFUSALS },
      }),
    },
    '/adgangsstyring/par': {
      post: open({
        id: 'forbered-login',
        summary: 'Siger, hvad en bruger skal logges ind til (PAR, RFC 9126).',
        form: parForm,
        responses: {
          201: {
            description: 'Brugeren kan sendes til login.',
            ...json(closed({ request_uri: TEXT, expires_in: { type: 'integer' } }, ['request_uri'])),
          },
          ...REFUSALS,
        },
      }),
    },
    '/adgangsstyring/auth': {
      get: open({
        id: 'begynd-login',
        summary: 'Hertil sendes brugerens browser.',
        parameters: [query('client_id', 'It-systemets UUID.'), query('request_uri', 'Svaret fra PAR.')],
        responses: { 303: sent('Videre til login, eller tilbage til systemet.'), ...REFUSALS },
      }),
    },
    '/adgangsstyring/auth/{uid}': {
      get: open({
        id: 'afslut-login',
        summary: 'Hertil kommer browseren tilbage efter login.',
        parameters: [{ name: 'uid', in: 'path', required: true, description: 'Loginet.', schema: TEXT }],
        responses: { 303: sent('Tilbage til systemet.'), ...REFUSALS },
      }),
    },
    '/adgangsstyring/jwks': {
      get: open({
        id: 'hent-noegler',
        summary: 'De offentlige nøgler, som tokens er underskrevet med.',
        responses: {
          200: {
            description:
              'Den gældende nøgle først, den næste, og de tidligere, som der stadig kan være tokens fra.',
            ...json(closed({ keys: listOf(MORE) }, ['keys']), 'application/jwk-set+json'),
          },
          503: problem('Lukker.'),
        },
      }),
    },
    '/adgangsstyring/.well-known/openid-configuration': metadata('hent-openid-metadata'),
    '/adgangsstyring/.well-known/oauth-authorization-server': metadata('hent-oauth-metadata'),
  },
  schemas: {
    Tokensvar: closed(
      {
        access_token: TEXT,
        token_type: { enum: ['Bearer', 'DPoP'] },
        expires_in: { type: 'integer', minimum: 1, maximum: 300 },
        scope: TEXT,
        id_token: TEXT,
        issued_token_type: TEXT,
      },
      ['access_token', 'token_type', 'expires_in', 'scope'],
    ),
    OAuthfejl: closed({ error: TEXT, error_description: TEXT, scope: TEXT }, ['error']),
  },
};
