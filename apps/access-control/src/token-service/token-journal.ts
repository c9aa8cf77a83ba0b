import { Inject, Injectable } from '@nestjs/common';
import { auditRow, type Caller } from '@stoettesystemer/access';
import { isCvr, isUuid } from '@stoettesystemer/object';
import { Database } from '@stoettesystemer/postgres';
import { type RunningSurroundings, SURROUNDINGS } from '@stoettesystemer/server';
import { internalCaller } from '../internal-caller';

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
  constructor(
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
    private readonly database: Database,
  ) {}

  /** Before the token leaves: when this fails, there is no token. */
  async onIssued(note: IssuedNote): Promise<void> {
    this.surroundings.log.info(note, 'token issued');
    await this.record(note, { agreement: note.agreement, tokenId: note.tokenId }, null);
  }

  /**
   * A stranger's attempts are for the log of operations alone: the municipality's own is not for everybody to fill.
   * @param reason OAuth's error code, and the word of `Refused` behind it when there is one.
   */
  async onRefused(
    note: TokenNote,
    reason: { readonly error: string; readonly why: string | null },
  ): Promise<void> {
    this.surroundings.log.info({ ...note, ...reason }, 'token refused');
    await this.record(note, {}, reason.why ?? reason.error);
  }

  private async record(note: TokenNote, more: Partial<Caller>, rule: string | null): Promise<void> {
    const { owner, system, subject, service, grant } = note;
    if (!isCvr(owner) || !isUuid(system)) return;
    const caller = { ...internalCaller(owner), system, subject: subject ?? system, ...more };
    const row = auditRow(
      {
        caller,
        transaction: null,
        operation: 'token',
        type: null,
        criteria: { grant, service, ...(more.tokenId ? { jti: more.tokenId } : {}) },
        allowed: rule === null,
        rule,
      },
      this.surroundings.pseudonymKey,
    );
    await this.database.run({ owner }, row);
  }
}
