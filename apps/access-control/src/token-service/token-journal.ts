import { Inject, Injectable } from '@nestjs/common';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';

/** What is told of a token: never the token, the assertion or the proof. */
export interface TokenNote {
  readonly grant: string;
  /** UUID of the it-system; null when the client is not known. */
  readonly system: string | null;
  /** entityId of the service, and CVR of the municipality, as asked for; null where they could not be read. */
  readonly service: string | null;
  readonly owner: string | null;
  /** UUID of the user, or null. */
  readonly subject: string | null;
}

export interface IssuedNote extends TokenNote {
  readonly tokenId: string;
  readonly agreement: string | null;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** Where every token that is issued, and every request for one that is refused, is told of (O1). */
@Injectable()
export class TokenJournal {
  constructor(@Inject(SURROUNDINGS) private readonly surroundings: Surroundings) {}

  /** Before the token leaves: when this fails, there is no token. */
  onIssued(note: IssuedNote): Promise<void> {
    this.surroundings.log.info(note, 'token issued');
    return Promise.resolve();
  }

  /** @param reason OAuth's error code, and the word of `Refused` behind it when there is one. */
  onRefused(note: TokenNote, reason: { readonly error: string; readonly why: string | null }): Promise<void> {
    this.surroundings.log.info({ ...note, ...reason }, 'token refused');
    return Promise.resolve();
  }
}
