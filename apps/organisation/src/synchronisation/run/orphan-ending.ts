import type { Ask, ObjectStore } from '@stoettesystemer/engine';
import {
  danishDayAt,
  type Declaration,
  type Instant,
  parseInstant,
  startOfDanishDay,
} from '@stoettesystemer/object';
import { ended } from '../differ/difference';
import { isStructure, turnOf } from '../source/writing-order';
import type { Origin, Origins } from './origins';
import type { OrphanAnswer, RunAnswer } from './run-answer';
import { SYNCHRONISED } from './run-line';
import type { Result, Tally } from './tally';
import type { RunWish } from './wish';
import { type Done, type Judged, type Wanted, Writer } from './writer';

const PAGE = 2_000;
/** So few may always be ended: of ten units a quarter is two or three. */
const ALWAYS = 10;
const types = new Map(SYNCHRONISED.map((type) => [type.name, type]));

/** Only what can be out of use can be ended; a person or an address is left for somebody to look at. */
const canEnd = ({ type }: Origin): boolean => types.get(type)?.states['gyldighed'] !== undefined;

/** Things end where a day begins (domain §1.2). */
const today = (): Instant => parseInstant(startOfDanishDay(danishDayAt(Date.now())))!;

/** What came from a source that does not have it any more. */
export class OrphanEnding {
  constructor(
    private readonly store: ObjectStore,
    private readonly origins: Origins,
    private readonly ask: Ask,
    private readonly source: string,
    private readonly wish: RunWish,
  ) {}

  /** Tells of the orphans, and ends them where that is wanted and looks right. */
  async *end(seen: ReadonlySet<string>, unknown: number, tally: Tally): AsyncGenerator<RunAnswer, Result> {
    const { orphans, known } = await this.find(seen);
    tally.foraeldreloese = orphans.length;
    const ending = orphans.filter(canEnd);
    const { owner } = this.ask.caller;
    if (this.wish.executes)
      for (let from = 0; from < orphans.length; from += PAGE)
        await this.origins.orphaned(
          owner,
          this.source,
          orphans.slice(from, from + PAGE).map(({ uuid }) => uuid),
        );
    const isTooMany = ending.length > ALWAYS && ending.length * 100 > known * this.wish.limit;
    const isDoubtful = unknown > 0 || isTooMany;
    const endsThem = this.wish.endsOrphans && (!isDoubtful || this.wish.isForced);
    for (const orphan of orphans) if (!endsThem || !canEnd(orphan)) yield told(orphan);
    if (!endsThem) return this.wish.endsOrphans && ending.length > 0 ? 'Standset' : 'Gennemfoert';
    yield* this.endAll(ending, tally);
    return 'Gennemfoert';
  }

  /** `known`: of those that can be ended, how many there are. */
  private async find(seen: ReadonlySet<string>): Promise<{ orphans: Origin[]; known: number }> {
    const orphans: Origin[] = [];
    let known = 0;
    for (let after: string | null = null; ;) {
      const page: Origin[] = await this.origins.known(this.ask.caller.owner, this.source, after, PAGE);
      known += page.filter(canEnd).length;
      orphans.push(...page.filter(({ uuid }) => !seen.has(uuid)));
      if (page.length < PAGE) return { orphans, known };
      after = page.at(-1)!.uuid;
    }
  }

  /** What points goes before what is pointed at, and the units as one. */
  private async *endAll(orphans: readonly Origin[], tally: Tally): AsyncGenerator<RunAnswer> {
    const from = today();
    const writer = new Writer(this.store, this.ask, from, `Synkronisering: ikke mere i ${this.wish.name}`);
    const sorted = [...orphans].sort((a, b) => turnOf(b.type) - turnOf(a.type));
    const isTree = ({ type }: Origin) => isStructure(type);
    for (const some of [...pagesOf(sorted.filter((each) => !isTree(each))), sorted.filter(isTree)]) {
      if (some.length === 0) continue;
      const judged = await writer.judge(some.map((orphan) => wantedOf(orphan, from)));
      // What has gone meanwhile is not made anew.
      const open = judged.filter(({ kind }) => kind === 'aendret');
      const done = some.some(isTree) ? await writer.writeTogether(open) : await writer.write(open);
      const over = [
        ...judged.filter(({ kind }) => kind === 'uaendret'),
        ...done.filter(({ result }) => result.outcome !== 'afvist').map((each) => each.judged),
      ];
      await this.origins.ended(
        this.ask.caller.owner,
        this.source,
        over.map(({ wanted: { uuid } }) => uuid),
      );
      tally.lukket += over.length;
      for (const each of over) yield { ...toldOf(each), handling: 'afsluttet' };
      for (const each of done) if (each.result.outcome === 'afvist') yield refused(each);
    }
  }
}

function* pagesOf(orphans: readonly Origin[]): Generator<Origin[]> {
  for (let from = 0; from < orphans.length; from += PAGE) yield orphans.slice(from, from + PAGE);
}

function wantedOf({ uuid, type: name }: Origin, from: Instant): Wanted {
  const type: Declaration = types.get(name)!;
  return { line: 0, type, uuid, sections: ended(type, from) ?? {} };
}

const told = ({ uuid, type }: Origin): OrphanAnswer => ({
  foraeldreloes: uuid,
  objekttype: type,
  handling: 'mangler',
});
const toldOf = ({ wanted: { uuid, type } }: Judged): OrphanAnswer => told({ uuid, type: type.name });
const refused = ({ judged, result }: Done): OrphanAnswer => ({
  ...toldOf(judged),
  handling: 'afvist',
  fejl: result.fejl ?? [],
});
