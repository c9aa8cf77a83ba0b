import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { Refusal } from '@stoettesystemer/object';
import { type Parameters, Query, Route } from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readForm } from '../login/form-body';
import { htmlPage, PAGE_POLICY, safe } from '../login/html-page';
import { TEST_TOWNS } from './test-employees';
import { TestIdp } from './test-idp';
import { isTestHome, type TestHome } from './test-idp-system';

const HTML = 'text/html';
const JSON_TYPE = 'application/json';
const FORM_SIZE = 16 * 1024;
const SAML_PARAMETERS = ['SAMLRequest', 'RelayState', 'SigAlg', 'Signature'];
const OIDC_PARAMETERS = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'acr_values',
];

const hidden = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${safe(name)}" value="${safe(value)}">`)
    .join('');

/** The pages of the built-in IdPs, where one of the made-up employees is picked. */
@Controller('dev/idp/:home')
export class TestIdpController {
  constructor(private readonly idp: TestIdp) {}

  @Get('saml')
  @Route({ open: true, gives: HTML, parameters: SAML_PARAMETERS })
  saml(
    @Query() { SAMLRequest = '' }: Parameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const home = this.homeIn(request);
    this.pick(reply, home, 'saml', { svarPaa: this.idp.requestIn(SAMLRequest) });
  }

  @Post('saml')
  @Route({ open: true, gives: HTML })
  async samlPicked(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const home = this.homeIn(request);
    const form = await readForm(request, FORM_SIZE);
    const picked = form.get('medarbejder') ?? '';
    const { to, response } = await this.idp.respond(home, form.get('svarPaa') ?? '', picked);
    const body = `<form method="post" action="${safe(to)}">${hidden({ SAMLResponse: response })}<button>Fortsæt</button></form>`;
    show(reply, htmlPage('Du er genkendt', body));
  }

  @Get('.well-known/openid-configuration')
  @Route({ open: true })
  configuration(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const issuer = this.idp.issuer(this.homeIn(request));
    const configuration = {
      issuer,
      authorization_endpoint: `${issuer}/login`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
      authorization_response_iss_parameter_supported: true,
    };
    void reply.header('content-type', JSON_TYPE).send(JSON.stringify(configuration));
  }

  @Get('jwks')
  @Route({ open: true })
  async keys(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    this.homeIn(request);
    void reply.header('content-type', JSON_TYPE).send(JSON.stringify(await this.idp.keys()));
  }

  @Get('login')
  @Route({ open: true, gives: HTML, parameters: OIDC_PARAMETERS })
  oidc(@Query() parameters: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const home = this.homeIn(request);
    const { response_type: type, code_challenge_method: method } = parameters;
    if (type !== 'code' || method !== 'S256')
      throw new Refusal(400, 'proeve_idp', 'Kun response_type=code med PKCE S256.');
    this.pick(reply, home, 'login', { ...parameters });
  }

  @Post('login')
  @Route({ open: true, gives: HTML })
  async oidcPicked(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const home = this.homeIn(request);
    const form = await readForm(request, FORM_SIZE);
    const said = (name: string): string => form.get(name) ?? '';
    const wish = {
      clientId: said('client_id'),
      redirectUri: said('redirect_uri'),
      nonce: said('nonce'),
      challenge: said('code_challenge'),
    };
    if (!URL.canParse(wish.redirectUri))
      throw new Refusal(400, 'proeve_idp', 'redirect_uri kan ikke bruges.');
    const to = new URL(wish.redirectUri);
    to.searchParams.set('code', this.idp.code(home, wish, said('medarbejder')));
    to.searchParams.set('state', said('state'));
    to.searchParams.set('iss', this.idp.issuer(home));
    void reply.code(303).headers({ location: to.href, 'cache-control': 'no-store' }).send();
  }

  @Post('token')
  @Route({ open: true })
  async token(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const home = this.homeIn(request);
    const idToken = await this.idp.idToken(home, await readForm(request, FORM_SIZE));
    const answer = { access_token: 'intet', token_type: 'Bearer', expires_in: 60, id_token: idToken };
    void reply
      .code(200)
      .headers({ 'content-type': JSON_TYPE, 'cache-control': 'no-store' })
      .send(JSON.stringify(answer));
  }

  private homeIn({ params }: FastifyRequest): TestHome {
    this.idp.mustBeHere();
    const { home = '' } = params as { home?: string };
    if (!isTestHome(home)) throw new Refusal(404, 'findes_ikke', 'Adressen findes ikke.');
    return home;
  }

  private pick(
    reply: FastifyReply,
    home: TestHome,
    path: string,
    fields: Readonly<Record<string, string>>,
  ): void {
    const action = `/adgangsstyring/dev/idp/${home}/${path}`;
    const people = this.idp
      .employeesOf(home)
      .map(
        ({ id, navn, om }) =>
          `<li><form method="post" action="${safe(action)}">${hidden({ ...fields, medarbejder: id })}<button>${safe(navn)}</button> ${safe(om)}</form></li>`,
      );
    const words = '<p>Ingen af dem findes. Siden er kun til udvikling og prøver.</p>';
    show(
      reply,
      htmlPage(`Vælg en opdigtet medarbejder i ${TEST_TOWNS[home]}`, `${words}<ul>${people.join('')}</ul>`),
    );
  }
}

function show(reply: FastifyReply, page: string): void {
  void reply
    .code(200)
    .headers({
      'content-type': `${HTML}; charset=utf-8`,
      'cache-control': 'no-store',
      'content-security-policy': PAGE_POLICY,
    })
    .send(page);
}
