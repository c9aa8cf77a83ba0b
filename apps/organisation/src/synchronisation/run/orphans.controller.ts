import { createHmac, timingSafeEqual } from 'node:crypto';
import { Controller, Get } from '@nestjs/common';
import { type Caller, holds } from '@stoettesystemer/access';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Synkronisering } from '@stoettesystemer/model';
import { formatInstant, fromDatabase, isUuid, malformed } from '@stoettesystemer/object';
import { Asking, integerOf, limits, type Parameters, Query, Route, Uuid } from '@stoettesystemer/server';
import { type Orphan, Origins } from './origins';
import { SYNCHRONISED } from './run-line';

const NOW = { virkning: 'nu', registrering: 'nu' } as const;

/** Signed, and bound to the caller and the source. */
const sealOf = (secret: Buffer, { owner, system, subject }: Caller, source: string, after: string): Buffer =>
  createHmac('sha256', secret)
    .update(JSON.stringify(['foraeldreloese', owner, system, subject, source, after]))
    .digest()
    .subarray(0, 16);

/** What came from a source, and was not in it when it was last run. */
@Controller('v1/synkroniseringer')
export class OrphansController {
  constructor(
    private readonly store: ObjectStore,
    private readonly origins: Origins,
  ) {}

  @Get(':uuid/foraeldreloese')
  @Route({ may: { verb: 'laes', types: [Synkronisering] }, parameters: ['limit', 'cursor'] })
  async list(@Asking() ask: Ask, @Uuid() source: string, @Query() parameters: Parameters) {
    const limit = integerOf(parameters, 'limit', 1, limits.search.most) ?? limits.search.limit;
    const after = this.after(ask.caller, source, parameters['cursor']);
    // The source itself must be the caller's to see.
    await this.store.read(ask, Synkronisering, source, NOW);
    const found = await this.origins.orphans(ask.caller.owner, source, after, limit + 1);
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const visible = await this.visible(ask, shown);
    return {
      data: shown
        .filter(({ uuid }) => visible.has(uuid))
        .map(({ uuid, type, since }) => ({
          uuid,
          objekttype: type,
          siden: formatInstant(fromDatabase(since)),
        })),
      naeste: last ? this.cursor(ask.caller, source, last.uuid) : null,
    };
  }

  /** Those that the caller may read: of another's subtree nothing is told. */
  private async visible(ask: Ask, orphans: readonly Orphan[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const type of SYNCHRONISED) {
      const uuids = orphans.filter((each) => each.type === type.name).map(({ uuid }) => uuid);
      if (uuids.length === 0 || !holds(ask.caller, type, 'laes')) continue;
      const { data } = await this.store.search(
        ask,
        type,
        {
          udtryk: { felt: 'uuid', iblandt: uuids },
          sorter: [],
          vis: 'uuid',
          limit: uuids.length,
          cursor: null,
          antal: false,
        },
        NOW,
      );
      for (const text of data) found.add(JSON.parse(text) as string);
    }
    return found;
  }

  private cursor(caller: Caller, source: string, after: string): string {
    const { secret } = this.store.options;
    return Buffer.concat([sealOf(secret, caller, source, after), Buffer.from(after)]).toString('base64url');
  }

  /** @throws Refusal 400 for a cursor of another question or another caller, or one that was tampered with. */
  private after(caller: Caller, source: string, cursor: string | undefined): string | null {
    if (cursor === undefined) return null;
    const bytes = Buffer.from(cursor, 'base64url');
    const after = bytes.subarray(16).toString();
    const isOurs =
      bytes.toString('base64url') === cursor &&
      isUuid(after) &&
      timingSafeEqual(bytes.subarray(0, 16), sealOf(this.store.options.secret, caller, source, after));
    if (!isOurs) throw malformed('cursor', '?cursor', 'Cursoren hører ikke til denne forespørgsel.');
    return after;
  }
}
