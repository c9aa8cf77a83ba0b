import { Inject, Injectable } from '@nestjs/common';
import { REVOCATIONS_AUDIENCE, REVOCATIONS_TYPE, type RevocationNews } from '@stoettesystemer/access';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { SigningKeys } from '../token-service/signing-keys';
import { type Place, Revocations } from './revocations';

interface Made extends Place {
  readonly text: string;
  /** Milliseconds of the process's own clock. */
  readonly at: number;
}

/** Milliseconds that one document answers all who ask, as long as nothing has happened since. */
const ANSWERS_FOR = 3000;

/** The signed list of what has been taken back, made once for all who ask at the same time. */
@Injectable()
export class RevocationDocument {
  private made: Promise<Made> | null = null;

  constructor(
    private readonly revocations: Revocations,
    private readonly keys: SigningKeys,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  /** A compact JWS that tells all up to the place, or beyond it. */
  async at(place: Place): Promise<string> {
    for (;;) {
      const latest = this.made;
      const made = await latest?.catch(() => null);
      const isEnough =
        made?.epoch === place.epoch &&
        made.position >= place.position &&
        performance.now() - made.at < ANSWERS_FOR;
      if (made && isEnough) return made.text;
      // Otherwise somebody else has begun one in the meantime, which may be enough.
      if (this.made === latest) return (await (this.made = this.make())).text;
    }
  }

  private async make(): Promise<Made> {
    const at = performance.now();
    const iat = Math.floor(Date.now() / 1000);
    const { epoch, position, revocations } = await this.revocations.inForce();
    const news: RevocationNews = {
      epoke: epoch,
      position,
      tilbagekaldt: revocations,
      noegler: this.keys.publicJwks().keys.map(({ kid }) => kid ?? ''),
    };
    const { issuer } = this.surroundings.settings;
    const text = await this.keys.sign(
      { iss: issuer, aud: REVOCATIONS_AUDIENCE, iat, ...news },
      { typ: REVOCATIONS_TYPE },
    );
    return { epoch, position, text, at };
  }
}
