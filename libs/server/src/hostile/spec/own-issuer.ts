import { hash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { audienceOf, DevelopmentIssuer } from '@stoettesystemer/access';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type GenerateKeyPairResult,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';

export const ISSUER = 'https://adgang.example';
const KID = 'own';

/** A key that a client holds, and the proofs it makes with it (RFC 9449). */
export class Holder {
  private constructor(
    private readonly key: GenerateKeyPairResult,
    readonly jwk: JWK,
    readonly thumbprint: string,
  ) {}

  static async make(): Promise<Holder> {
    const key = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(key.publicKey);
    return new Holder(key, jwk, await calculateJwkThumbprint(jwk));
  }

  proof(token: string, method: string, address: string, header: object = {}): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    const ath = hash('sha256', token, 'base64url');
    return new SignJWT({ jti: randomUUID(), htm: method, htu: address, iat, ath })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.jwk, ...header })
      .sign(this.key.privateKey);
  }
}

/** An issuer of tokens on the network, which can go away and come back at the same address. */
export class OwnIssuer {
  private server: Server | undefined;
  private port = 0;

  private constructor(
    private readonly key: GenerateKeyPairResult,
    private readonly jwks: string,
  ) {}

  static async open(): Promise<OwnIssuer> {
    const key = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(key.publicKey)), kid: KID, alg: 'ES256', use: 'sig' };
    const issuer = new OwnIssuer(key, JSON.stringify({ keys: [jwk] }));
    await issuer.start();
    return issuer;
  }

  get keysAddress(): string {
    return `http://127.0.0.1:${this.port}/jwks`;
  }

  async start(): Promise<void> {
    const server = createServer((_, response) => response.end(this.jwks));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** What the development issuer would say, in this one's name. */
  claims(issuer: DevelopmentIssuer, service: string): JWTPayload {
    const claims = issuer.claims({ system: 'demo-fagsystem', service, cvr: '12345678' });
    return { ...claims, iss: ISSUER, aud: audienceOf(service) };
  }

  sign(claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: KID, ...header })
      .sign(this.key.privateKey);
  }
}
