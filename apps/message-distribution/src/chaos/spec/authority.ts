import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  audienceOf,
  DevelopmentIssuer,
  developmentKeysFile,
  PRIVILEGE_TYPE,
  privateKeyIn,
  type PrivilegeGroup,
  REVOCATIONS_AUDIENCE,
  REVOCATIONS_TYPE,
} from '@stoettesystemer/access';
import { Besked, messageDistributionTypes } from '@stoettesystemer/model';

/** What an it-system's service agreement gives it, for any municipality. */
export type Agreement = (system: string) => readonly PrivilegeGroup[];

const SERVICE = 'beskedfordeler';
const LIFE = 300;
/** Milliseconds: a token is fetched anew well before its time is up. */
const KEPT = 120_000;
const EPOCH = '5a1e0000-0000-4000-8000-000000000001';

/** Adgangsstyring as Beskedfordeler sees it: tokens, decisions without tokens, and that nothing has been taken back. */
export class Authority {
  private readonly tokens = new Map<string, { readonly until: number; readonly token: Promise<string> }>();

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
    private readonly issuer: DevelopmentIssuer,
    private readonly agreement: Agreement,
    private readonly dataDir: string,
  ) {}

  static async open(dataDir: string, agreement: Agreement): Promise<Authority> {
    const issuer = await DevelopmentIssuer.open({
      profile: 'udvikling',
      directory: dataDir,
      services: { [SERVICE]: messageDistributionTypes, adgangsstyring: [] },
      passing: { [SERVICE]: [Besked] },
    });
    // The key that the distributor asks for tokens of its own with.
    await privateKeyIn(join(dataDir, 'demo', 'demo-beskedfordeler.jwk'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/adgangsstyring`;
    const authority = new Authority(server, url, issuer, agreement, dataDir);
    server.on('request', (request, response) => void authority.answer(request, response));
    return authority;
  }

  /** How a distributor is told of it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ADGANGSSTYRING: this.url,
      UDSTEDER: this.url,
      UDSTEDER_NOEGLER: developmentKeysFile(this.dataDir),
    };
  }

  token(system: string, owner: string): Promise<string> {
    const key = `${system} ${owner}`;
    const kept = this.tokens.get(key);
    if (kept && kept.until > Date.now()) return kept.token;
    const now = Math.floor(Date.now() / 1000);
    const token = this.issuer.sign({
      iss: this.url,
      aud: audienceOf(SERVICE),
      sub: system,
      client_id: system,
      iat: now,
      exp: now + LIFE,
      jti: `${key} ${now}`,
      scope: `cvr:${owner}`,
      cvr: owner,
      authorization_details: this.detailsOf(system, owner),
    });
    this.tokens.set(key, { until: Date.now() + KEPT, token });
    return token;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private detailsOf(system: string, identifier: string) {
    return this.agreement(system).map((group) => ({ type: PRIVILEGE_TYPE, identifier, ...group }));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const json = (value: unknown): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    switch (`${request.method} ${pathname}`) {
      case 'POST /adgangsstyring/token':
        return json({ access_token: 'beskedfordeler', token_type: 'Bearer', expires_in: LIFE });
      case 'POST /adgangsstyring/v1/afgoerelser': {
        const { system, cvr } = JSON.parse(Buffer.concat(parts).toString()) as Record<string, string>;
        return json({
          afvist: null,
          serviceaftale: null,
          authorization_details: this.detailsOf(system!, cvr!),
        });
      }
      case 'GET /adgangsstyring/tilbagekaldelser': {
        await pause(Math.min(Number(searchParams.get('vent') ?? 0), 1) * 1000);
        const news = { epoke: EPOCH, position: 1, tilbagekaldt: [], noegler: [] };
        const said = {
          iss: this.url,
          aud: REVOCATIONS_AUDIENCE,
          iat: Math.floor(Date.now() / 1000),
          ...news,
        };
        return void response.end(await this.issuer.sign(said, { typ: REVOCATIONS_TYPE }));
      }
      default:
        return void response.writeHead(404).end();
    }
  }
}
