import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PendingLogin } from '../token-service/interactions';
import type { LoggedIn } from '../token-service/login-register';
import type { Claims } from './claims';
import { type IdentityProvider, IdentityProviders } from './identity-providers';
import { LoginRefused } from './login-refused';
import { type AskedIdp, LoginSteps } from './login-steps';
import { OidcLogin } from './oidc/oidc-login';
import { People } from './people';
import { readAnswer } from './saml/answer-form';
import { SamlLogin } from './saml/saml-login';

/** Seconds that a user has at the IdP, and that a browser has to go one step further. */
const AT_IDP = 15 * 60;
const ON_THE_WAY = 60;

interface Answered {
  readonly uid: string;
  readonly person: LoggedIn;
}

/**
 * A login from the moment a user comes until the token service has them back. What an IdP brings is kept for the browser
 * that brought it: by a code that only that browser is given, and for the interaction that its cookie says. An answer
 * to somebody else's request helps neither of them.
 */
@Injectable()
export class Login {
  constructor(
    private readonly providers: IdentityProviders,
    private readonly steps: LoginSteps,
    private readonly people: People,
    private readonly saml: SamlLogin,
    private readonly oidc: OidcLogin,
  ) {}

  /** The IdPs to choose between, at least one. @throws LoginRefused */
  async choices({ owner, system }: PendingLogin): Promise<IdentityProvider[]> {
    const found = owner === null ? [] : await this.providers.of(owner, system);
    if (found.length === 0)
      throw new LoginRefused('ingen_idp', `no IdP is agreed on for ${owner ?? 'nobody'}`);
    return found;
  }

  /** Where the user is to be sent. */
  async begin({ uid, owner, system, level }: PendingLogin, uuid: string): Promise<string> {
    const asked: AskedIdp = { uid, owner: owner ?? '', client: system, idp: uuid };
    const least = level ?? 'Substantial';
    const idp = await this.providerOf(asked);
    if (idp.protocol === 'Saml')
      return this.saml.ask(idp, least, (id) => this.steps.keep('spurgt', id, asked, AT_IDP));
    return this.oidc.ask(idp, least, (state, secrets) =>
      this.steps.keep('spurgt', state, { ...asked, ...secrets }, AT_IDP),
    );
  }

  /** Path within the service where the browser goes on. @param encoded a posted SAMLResponse */
  async answeredBySaml(encoded: string): Promise<string> {
    const answer = readAnswer(encoded);
    const { asked, idp } = await this.asked(answer.inResponseTo, 'Saml');
    return this.goOn(asked, await this.saml.claimsIn(answer, idp), idp);
  }

  /** As `answeredBySaml`. @param query of the address that the IdP sent the browser to */
  async answeredByOidc(query: string): Promise<string> {
    const state = new URLSearchParams(query).get('state') ?? '';
    const { asked, idp } = await this.asked(state, 'Oidc');
    const { verifier = '', nonce = '' } = asked;
    return this.goOn(asked, await this.oidc.claimsIn(query, state, { verifier, nonce }, idp), idp);
  }

  /** Who the IdP said it is. @throws LoginRefused when another browser brought the answer, or nobody did */
  async person({ uid }: PendingLogin, code: string): Promise<LoggedIn> {
    const answered = (await this.steps.take('svaret', code)) as Answered | null;
    if (!answered) throw new LoginRefused('login_udloebet', 'the answer is taken, too old, or never was');
    if (answered.uid !== uid)
      throw new LoginRefused('login_andet_sted', 'the answer is for another interaction');
    return answered.person;
  }

  /** The request is gone from here on, whatever comes of the answer. */
  private async asked(key: string, protocol: IdentityProvider['protocol']) {
    const asked = (await this.steps.take('spurgt', key)) as AskedIdp | null;
    if (!asked) throw new LoginRefused('login_udloebet', 'the request is answered, too old, or never was');
    const idp = await this.providerOf(asked);
    if (idp.protocol !== protocol) throw new LoginRefused('idp_svar', 'an answer by another protocol');
    return { asked, idp };
  }

  private async providerOf({ owner, client, idp }: AskedIdp): Promise<IdentityProvider> {
    const found = (await this.providers.of(owner, client)).find(({ uuid }) => uuid === idp);
    if (!found) throw new LoginRefused('ingen_idp', `the IdP is not agreed on for ${owner}`);
    return found;
  }

  private async goOn({ uid }: AskedIdp, claims: Claims, idp: IdentityProvider): Promise<string> {
    const person = await this.people.from(claims, idp);
    const code = randomBytes(32).toString('base64url');
    await this.steps.keep('svaret', code, { uid, person } satisfies Answered, ON_THE_WAY);
    return `/adgangsstyring/login/${encodeURIComponent(uid)}/svar?kode=${code}`;
  }
}
