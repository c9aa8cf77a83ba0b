import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Refusal } from '@stoettesystemer/object';
import { errors } from 'oidc-provider';
import { NSIS_LEVELS, type NsisLevel } from '../decision/question';
import { acrOf } from './access-token';
import { AuthorizationServer } from './authorization-server';
import { type LoggedIn, LoginRegister } from './login-register';
import { SESSION_LIFE } from './provider-settings';

/** A user who has been sent to us to log in. */
export interface PendingLogin {
  /** The last part of the address `/adgangsstyring/login/:uid`. */
  readonly uid: string;
  /** UUID of the it-system that the user comes from and goes back to. */
  readonly system: string;
  /** entityId of the service, and CVR of the municipality, that the token is to be for. */
  readonly service: string | null;
  readonly owner: string | null;
  /** The level that the system asks for at least; null when it does not say. */
  readonly level: NsisLevel | null;
}

/** The login's side of the authorization endpoint: what is asked for, and what came of it. */
@Injectable()
export class Interactions {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly logins: LoginRegister,
  ) {}

  /** @throws Refusal 400 when the browser has no login under way, or it has taken too long. */
  async details(request: IncomingMessage, response: ServerResponse): Promise<PendingLogin> {
    const { uid, params } = await this.find(request, response);
    const said = (name: string): string | null => (typeof params[name] === 'string' ? params[name] : null);
    const levels = (said('acr_values') ?? '').split(' ');
    return {
      uid,
      system: said('client_id') ?? '',
      service: said('resource'),
      owner: /(?:^| )cvr:(\d{8})(?: |$)/.exec(said('scope') ?? '')?.[1] ?? null,
      level: NSIS_LEVELS.find((level) => levels.includes(acrOf(level))) ?? null,
    };
  }

  /**
   * The user is logged in, in a session of its own even where the browser had one.
   * @returns the address to send the browser to, with 303.
   * @throws Refusal as `details`.
   */
  async finish(
    request: IncomingMessage,
    response: ServerResponse,
    { user }: { readonly user: LoggedIn },
  ): Promise<string> {
    const { provider } = this.server;
    const interaction = await this.find(request, response);
    if (interaction.session?.uid) {
      await (await provider.Session.findByUid(interaction.session.uid))?.destroy();
      delete interaction.session;
      await interaction.persist();
    }
    const accountId = await this.logins.add(user, SESSION_LIFE);
    return this.server.provider.interactionResult(request, response, {
      login: { accountId, acr: acrOf(user.level) },
    });
  }

  /** The user did not get in; the system is told so. @returns as `finish`. */
  async refuse(request: IncomingMessage, response: ServerResponse, why: string): Promise<string> {
    await this.find(request, response);
    return this.server.provider.interactionResult(
      request,
      response,
      { error: 'access_denied', error_description: why },
      { mergeWithLastSubmission: false },
    );
  }

  private async find(request: IncomingMessage, response: ServerResponse) {
    try {
      return await this.server.provider.interactionDetails(request, response);
    } catch (cause) {
      if (!(cause instanceof errors.SessionNotFound)) throw cause;
      throw new Refusal(
        400,
        'login_udloebet',
        'Der er intet login i gang i denne browser, eller det har taget for lang tid. Begynd forfra i systemet.',
      );
    }
  }
}
