import { hkdfSync } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DatabaseReplayStore } from '@stoettesystemer/access';
import { Database } from '@stoettesystemer/postgres';
import { refusalOf, secretFrom, SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { type KoaContextWithOIDC } from 'oidc-provider';
import { Authorizing } from './authorizing';
import { ClientAttempts } from './client-attempts';
import { ClientRegister } from './client-register';
import { LoginRegister } from './login-register';
import { type ProviderParts, providerSettings } from './provider-settings';
import { RecallingProvider } from './recalling-provider';
import { SigningKeys } from './signing-keys';
import { TOKEN_EXCHANGE, TokenExchange } from './token-exchange';
import { TokenJournal } from './token-journal';
import { TokenStore } from './token-store';

type Answer = ReturnType<RecallingProvider['callback']>;

const PREFIX = '/adgangsstyring';

/** Adgangsstyring as OAuth and OpenID Connect know it (A1). There is a new provider for each set of signing keys. */
@Injectable()
export class AuthorizationServer implements OnModuleInit {
  readonly issuer: string;
  private parts: ProviderParts;
  private current: { readonly provider: RecallingProvider; readonly answer: Answer };

  constructor(
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
    private readonly database: Database,
    private readonly keys: SigningKeys,
    private readonly store: TokenStore,
    private readonly clients: ClientRegister,
    private readonly attempts: ClientAttempts,
    private readonly logins: LoginRegister,
    private readonly authorizing: Authorizing,
    private readonly exchanging: TokenExchange,
    private readonly journal: TokenJournal,
  ) {
    this.issuer = `${surroundings.settings.externalUrl}${PREFIX}`;
  }

  async onModuleInit(): Promise<void> {
    const { settings } = this.surroundings;
    const secret = await secretFrom(settings.cursorSecretFile, settings.profile === 'udvikling');
    const cookieKey = Buffer.from(hkdfSync('sha256', secret, '', 'adgangsstyring cookies', 32));
    const { keys, store, clients, attempts, logins, authorizing, journal } = this;
    this.parts = { settings, cookieKey, keys, store, clients, attempts, logins, authorizing, journal };
    this.current = this.open();
    keys.onChange(() => (this.current = this.open()));
  }

  get provider(): RecallingProvider {
    return this.current.provider;
  }

  /** Answers a request whose path begins after our prefix. */
  get answer(): Answer {
    return this.current.answer;
  }

  private open() {
    const provider = new RecallingProvider(this.issuer, providerSettings(this.parts));
    // What a proxy says of the request is replaced by what we know, before it gets here.
    provider.proxy = true;
    provider.silent = true;
    this.useOnce(provider);
    provider.registerGrantType(
      TOKEN_EXCHANGE,
      (ctx) =>
        this.exchanging.exchange(ctx, this.issuer, (each) => provider.grant('client_credentials', each)),
      TokenExchange.parameters,
      'resource',
    );
    provider.on('grant.error', (ctx, error) => this.note(ctx, error));
    provider.on('pushed_authorization_request.error', (ctx, error) => this.note(ctx, error));
    provider.on('authorization.error', (ctx, error) => this.note(ctx, error));
    provider.on('grant.success', (ctx) => this.attempts.onShown(ctx));
    provider.on('pushed_authorization_request.success', (ctx) => this.attempts.onShown(ctx));
    provider.on('server_error', (ctx, error) => this.fail(ctx, error));
    return { provider, answer: provider.callback() };
  }

  /** oidc-provider looks first and writes then; of two that come at once both would pass (T11). */
  private useOnce(provider: RecallingProvider): void {
    const used = new DatabaseReplayStore(this.database);
    Object.assign(provider.ReplayDetection, {
      unique: (issuer: string, id: string, until: number) => used.claim(issuer, id, until),
    });
  }

  private note(ctx: KoaContextWithOIDC, error: Error): void {
    this.attempts.onRefused(ctx, error);
    const { params = {}, client } = ctx.oidc;
    const { error: code, error_detail: why } = error as { error?: string; error_detail?: string };
    const said = (name: string): string | null =>
      typeof params[name] === 'string' ? params[name].slice(0, 200) : null;
    const note = {
      grant: said('grant_type') ?? 'authorization_code',
      system: client?.clientId ?? null,
      service: said('resource'),
      owner: /\bcvr:(\d{8})\b/.exec(said('scope') ?? '')?.[1] ?? null,
      subject: null,
    };
    this.journal
      .onRefused(note, { error: code ?? 'invalid_request', why: why ?? null })
      .catch((cause: unknown) => this.surroundings.log.error({ err: cause }, 'refusal not recorded'));
  }

  /** What we cannot do now is not the client's fault, and not for ever. */
  private fail(ctx: KoaContextWithOIDC, error: Error): void {
    this.surroundings.log.error({ err: error }, 'token request failed');
    const { status, headers } = refusalOf(error);
    if (status !== 503) return;
    ctx.status = status;
    ctx.set(headers);
    ctx.body = { error: 'temporarily_unavailable', error_description: 'Vent lidt, og gentag.' };
  }
}
