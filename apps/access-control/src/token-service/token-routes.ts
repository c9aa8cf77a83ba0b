import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { clientAddressOf } from '@stoettesystemer/access';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AuthorizationServer } from './authorization-server';
import { SigningKeys } from './signing-keys';

const PREFIX = '/adgangsstyring';
const ROUTES = [
  ['POST', '/token'],
  ['POST', '/par'],
  ['GET', '/auth'],
  ['GET', '/auth/:uid'],
  ['GET', '/.well-known/openid-configuration'],
  ['GET', '/.well-known/oauth-authorization-server'],
] as const;
/** Seconds that others may keep the keys; a new one is published long before it signs. */
const KEYS_KEPT = 300;

/** Puts oidc-provider among the service's own addresses. */
@Injectable()
export class TokenRoutes implements OnModuleInit {
  private readonly forwarded: Readonly<Record<string, string>>;
  private readonly proxies: readonly string[];

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly server: AuthorizationServer,
    private readonly keys: SigningKeys,
    @Inject(SURROUNDINGS) { settings }: Surroundings,
  ) {
    const { protocol, host: name } = new URL(settings.externalUrl);
    this.proxies = settings.proxyAddresses;
    this.forwarded = { 'x-forwarded-proto': protocol.slice(0, -1), 'x-forwarded-host': name };
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const [method, path] of ROUTES)
      fastify.route({
        method,
        url: `${PREFIX}${path}`,
        exposeHeadRoute: false,
        handler: (request, reply) => this.pass(request, reply),
      });
    fastify.route({
      method: 'GET',
      url: `${PREFIX}/jwks`,
      exposeHeadRoute: false,
      // Not oidc-provider's: it publishes no key that it cannot sign with, and so no former one.
      handler: (_request, reply) =>
        reply
          .type('application/jwk-set+json')
          .header('cache-control', `public, max-age=${KEYS_KEPT}`)
          .send(JSON.stringify(this.keys.publicJwks())),
    });
  }

  private async pass({ raw }: FastifyRequest, reply: FastifyReply): Promise<void> {
    void reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    // Whoever is in front of us, how we are called from outside is ours to say (T39).
    const forwarded = { ...this.forwarded, 'x-forwarded-for': clientAddressOf(raw, this.proxies) };
    Object.assign(raw.headers, forwarded);
    const url = raw.url ?? '';
    // By both it knows where it is mounted.
    Object.assign(raw, { originalUrl: url, url: url.slice(PREFIX.length) });
    await this.server.answer(raw, reply.raw);
  }
}
