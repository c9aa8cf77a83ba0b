import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { Refusal } from '@stoettesystemer/object';
import { type Parameters, Query, Route, SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Interactions, type PendingLogin } from '../token-service/interactions';
import { readForm } from './form-body';
import { htmlPage, PAGE_POLICY, safe } from './html-page';
import { Login } from './login';
import { LoginRefused } from './login-refused';
import { SamlLogin } from './saml/saml-login';

const HTML = 'text/html';
/** 256 KiB of XML in base64, and what a form makes of that. */
const LARGEST_FORM = 512 * 1024;
/** What IdPs are known to put beside the code and the state. */
const OIDC_PARAMETERS = [
  'code',
  'state',
  'iss',
  'session_state',
  'scope',
  'error',
  'error_description',
  'error_uri',
];

/** The way of a user through a login. It is a browser that asks, so every answer is a page or a place to go. */
@Controller('login')
export class LoginController {
  constructor(
    private readonly login: Login,
    private readonly saml: SamlLogin,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
    private readonly interactions: Interactions,
  ) {}

  @Get('saml/metadata')
  @Route({ open: true, gives: 'application/samlmetadata+xml' })
  async metadata(@Res() reply: FastifyReply) {
    await this.answering(reply, async () => {
      void reply
        .header('content-type', 'application/samlmetadata+xml; charset=utf-8')
        .send(await this.saml.metadata());
    });
  }

  @Post('saml/acs')
  @Route({ open: true, gives: HTML })
  async samlAnswer(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.answering(reply, async () => {
      const form = await readForm(request, LARGEST_FORM);
      const [encoded, another] = form.getAll('SAMLResponse');
      if (encoded === undefined || another !== undefined)
        throw new LoginRefused('idp_svar', 'not exactly one SAMLResponse');
      this.goTo(reply, await this.login.answeredBySaml(encoded));
    });
  }

  @Get('oidc/svar')
  @Route({ open: true, gives: HTML, parameters: OIDC_PARAMETERS })
  async oidcAnswer(@Req() { raw }: FastifyRequest, @Res() reply: FastifyReply) {
    await this.answering(reply, async () => {
      const [, query = ''] = (raw.url ?? '').split('?', 2);
      this.goTo(reply, await this.login.answeredByOidc(query));
    });
  }

  @Get(':uid')
  @Route({ open: true, gives: HTML })
  async begin(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.answering(reply, async () => {
      const interaction = await this.interactionOf(request, reply);
      const choices = await this.login.choices(interaction);
      const [only, another] = choices;
      if (only && !another) return this.goTo(reply, await this.login.begin(interaction, only.uuid));
      const base = `/adgangsstyring/login/${encodeURIComponent(interaction.uid)}/idp`;
      const links = choices.map(
        ({ uuid, navn }) => `<li><a href="${safe(`${base}/${uuid}`)}">${safe(navn)}</a></li>`,
      );
      this.show(reply, 200, htmlPage('Vælg, hvor du logger ind', `<ul>${links.join('')}</ul>`));
    });
  }

  @Get(':uid/idp/:idp')
  @Route({ open: true, gives: HTML })
  async choose(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.answering(reply, async () => {
      const { idp = '' } = request.params as { idp?: string };
      const interaction = await this.interactionOf(request, reply);
      this.goTo(reply, await this.login.begin(interaction, idp.toLowerCase()));
    });
  }

  @Get(':uid/svar')
  @Route({ open: true, gives: HTML, parameters: ['kode'] })
  async finish(
    @Query() { kode = '' }: Parameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.answering(reply, async () => {
      const interaction = await this.interactionOf(request, reply);
      const user = await this.login.person(interaction, kode);
      this.goTo(reply, await this.interactions.finish(request.raw, reply.raw, { user }));
    });
  }

  /** The browser's own interaction; the one in the address must be the same. */
  private async interactionOf(request: FastifyRequest, reply: FastifyReply): Promise<PendingLogin> {
    const { uid } = request.params as { uid?: string };
    const interaction = await this.interactions.details(request.raw, reply.raw);
    if (interaction.uid !== uid)
      throw new LoginRefused('login_andet_sted', 'the cookie is of another interaction');
    return interaction;
  }

  private goTo(reply: FastifyReply, address: string): void {
    void reply.code(303).headers({ location: address, 'cache-control': 'no-store' }).send();
  }

  private show(reply: FastifyReply, status: number, page: string): void {
    void reply
      .code(status)
      .headers({
        'content-type': `${HTML}; charset=utf-8`,
        'cache-control': 'no-store',
        'content-security-policy': PAGE_POLICY,
      })
      .send(page);
  }

  /** A refusal becomes a page with its code; why, is in the log under the transaction that the page names. */
  private async answering(reply: FastifyReply, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      const transaction = String(reply.getHeader('x-TransaktionsId') ?? '');
      const { log } = this.surroundings;
      const refusal =
        cause instanceof Refusal
          ? cause
          : new Refusal(500, 'intern_fejl', 'Der er sket en fejl hos os. Prøv igen om lidt.');
      if (refusal.status >= 500) log.error({ err: cause, transaktionsid: transaction }, 'login failed');
      else {
        const reason = refusal instanceof LoginRefused ? refusal.reason : refusal.detail;
        log.warn({ kode: refusal.kode, reason, transaktionsid: transaction }, 'login refused');
      }
      const words = `<p>${safe(refusal.detail)}</p><p>Kode: <code>${safe(refusal.kode)}</code><br>Henvisning: <code>${safe(transaction)}</code></p>`;
      this.show(reply, refusal.status, htmlPage('Du er ikke logget ind', words));
    }
  }
}
