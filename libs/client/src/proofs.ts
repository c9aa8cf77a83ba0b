import { createHash, randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

const ALGORITHM = 'ES256';

/** Proofs that a request is made by the one whom its token was issued to (DPoP, RFC 9449). The key lives as long as the process. */
export class Proofs {
  private constructor(
    private readonly key: CryptoKey,
    private readonly shown: JWK,
  ) {}

  static async create(): Promise<Proofs> {
    const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
    return new Proofs(privateKey, await exportJWK(publicKey));
  }

  /** @param token the one that goes along; none where a token is asked for. */
  make(method: string, url: string, token?: string): Promise<string> {
    const ath = token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') };
    return new SignJWT({ htm: method, htu: url.split(/[?#]/, 1)[0]!, ...ath })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'dpop+jwt', jwk: this.shown })
      .setJti(randomUUID())
      .setIssuedAt()
      .sign(this.key);
  }
}
