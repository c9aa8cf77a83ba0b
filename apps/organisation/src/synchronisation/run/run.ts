import type { Ask, ObjectStore } from '@stoettesystemer/engine';
import { Synkronisering } from '@stoettesystemer/model';
import { formatInstant, now, Refusal } from '@stoettesystemer/object';
import { isStructure } from '../source/writing-order';
import { OrphanEnding } from './orphan-ending';
import type { Origins } from './origins';
import { refusedBy, refusedLine, type RunAnswer, lastOf, toldOf } from './run-answer';
import type { RunLine } from './run-line';
import { type Result, Tally } from './tally';
import type { RunWish } from './wish';
import { type Done, type Judged, type Wanted, Writer } from './writer';

/** Objects that were refused and are tried once more when all else is written: what they lack may have come later. */
const MOST_WAITING = 5_000;
/** Units and organisations that are written as one. */
const MOST_TOGETHER = 10_000;

/**
 * One run of a source: each object that it has against what is registered, and the difference written. What it says of none
 * of its former objects shows only at its end, and it ends with a count, so half a source is never taken for a whole one.
 */
export class Run {
  private readonly tally = new Tally();
  private readonly writer: Writer;
  private readonly seen = new Set<string>();
  private structure: Judged[] = [];
  private waiting: Judged[] = [];
  private lines = 0;
  /** Lines that it cannot be told what is about: then nothing can be told to be missing. */
  private unknown = 0;
  private isWhole = false;
  private readonly started = now();

  constructor(
    private readonly store: ObjectStore,
    private readonly origins: Origins,
    private readonly ask: Ask,
    private readonly source: string,
    private readonly wish: RunWish,
  ) {
    this.writer = new Writer(store, ask, wish.since, `Synkronisering: ${wish.name}`);
  }

  /** @throws Refusal where the run could not be registered when it has ended. */
  async begin(): Promise<void> {
    if (this.wish.executes) await this.register('Gennemfoert', true);
  }

  /** Answers to some lines, in batches as they come. */
  async *take(batch: readonly RunLine[]): AsyncGenerator<RunAnswer> {
    const wanted: Wanted[] = [];
    for (const line of batch) {
      if (this.isWhole) throw new Refusal(400, 'slut', 'Der kom flere linjer efter den sidste.');
      if (line.kind === 'end') {
        if (line.count !== this.lines)
          throw new Refusal(400, 'antal', `Der kom ${this.lines} linjer; den sidste siger ${line.count}.`);
        this.isWhole = true;
        continue;
      }
      this.lines++;
      if (line.kind === 'wanted') wanted.push(line.wanted);
      else if (line.kind === 'withheld') this.withhold(line.uuids);
      else {
        this.withhold(line.uuid === null ? [] : [line.uuid]);
        yield refusedLine(line.line, line.uuid, line.refusal);
      }
    }
    if (wanted.length > 0) yield* this.compare(wanted);
    yield { naaet: this.lines };
  }

  /** What is left when the last line has come. @throws Refusal where it has not. */
  async *finish(): AsyncGenerator<RunAnswer> {
    if (!this.isWhole) throw new Refusal(400, 'afbrudt', 'Kilden kom ikke helt frem. Kør indlæsningen igen.');
    yield* this.writeStructure();
    const waiting = this.waiting;
    this.waiting = [];
    if (waiting.length > 0) {
      const again = await this.writer.judge(waiting.map(({ wanted }) => wanted));
      yield* this.told(await this.writer.write(again), false);
    }
    const orphans = new OrphanEnding(this.store, this.origins, this.ask, this.source, this.wish);
    const result = yield* orphans.end(this.seen, this.unknown, this.tally);
    if (this.wish.executes) await this.register(result);
    yield lastOf(this.tally, result, this.wish.executes);
  }

  /** The run ended before the source did, or could not go on. */
  async breakOff(): Promise<void> {
    if (this.wish.executes) await this.register('Afbrudt').catch(() => undefined);
  }

  private withhold(uuids: readonly string[]): void {
    this.tally.afvist++;
    if (uuids.length === 0) this.unknown++;
    for (const uuid of uuids) this.seen.add(uuid);
  }

  private async *compare(wanted: readonly Wanted[]): AsyncGenerator<RunAnswer> {
    for (const { uuid } of wanted) this.seen.add(uuid);
    const judged = await this.writer.judge(wanted);
    const same = judged.filter(({ kind }) => kind === 'uaendret');
    const other = judged.filter(({ kind }) => kind !== 'uaendret');
    this.tally.uaendret += same.length;
    if (!this.wish.executes) {
      for (const each of other) {
        this.count(each);
        yield toldOf(each);
      }
      return;
    }
    await this.note(same);
    let rest: Judged[] = [];
    for (const each of other) {
      if (!isStructure(each.wanted.type.name)) {
        // What comes after the tree may point at it.
        if (this.structure.length > 0) yield* this.writeStructure();
        rest.push(each);
        continue;
      }
      // And what came before it may be what it points at.
      if (rest.length > 0) yield* this.told(await this.writer.write(rest), true);
      rest = [];
      this.structure.push(each);
      if (this.structure.length >= MOST_TOGETHER) yield* this.writeStructure();
    }
    if (rest.length > 0) yield* this.told(await this.writer.write(rest), true);
  }

  private async *writeStructure(): AsyncGenerator<RunAnswer> {
    const structure = this.structure;
    this.structure = [];
    if (structure.length > 0) yield* this.told(await this.writer.writeTogether(structure), true);
  }

  private async *told(done: readonly Done[], mayWait: boolean): AsyncGenerator<RunAnswer> {
    const written = done.filter(({ result }) => result.outcome !== 'afvist');
    await this.note(written.map(({ judged }) => judged));
    for (const each of done) {
      const { judged, result } = each;
      if (result.outcome === 'afvist') {
        if (mayWait && this.waiting.length < MOST_WAITING) {
          this.waiting.push(judged);
          continue;
        }
        this.tally.afvist++;
        yield refusedBy(each);
      } else if (result.outcome === 'uaendret') this.tally.uaendret++;
      else {
        this.count(judged);
        yield toldOf(judged);
      }
    }
  }

  private count({ kind }: Judged): void {
    if (kind === 'ny') this.tally.oprettet++;
    else if (kind === 'aendret') this.tally.rettet++;
    else this.tally.uaendret++;
  }

  private async note(judged: readonly Judged[]): Promise<void> {
    if (judged.length === 0) return;
    const origins = judged.map(({ wanted: { uuid, type } }) => ({ uuid, type: type.name }));
    await this.origins.note(this.ask.caller.owner, this.source, origins);
  }

  /** Each run is a registration of the source. @throws Refusal where the caller may not. */
  private async register(resultat: Result, validateOnly = false): Promise<void> {
    const { name: kilde, form } = this.wish;
    const { oprettet, rettet, uaendret, afvist, foraeldreloese, lukket } = this.tally;
    const startet = formatInstant(this.started);
    const counts = { oprettet, rettet, uaendret, afvist, foraeldreloese, lukket };
    const item = {
      virkning: { fra: startet },
      kilde,
      form,
      resultat,
      startet,
      afsluttet: formatInstant(now()),
      ...counts,
    };
    const [written] = await this.store.bulk(
      this.ask,
      [
        {
          line: 0,
          type: Synkronisering.name,
          uuid: this.source,
          input: { attributter: { egenskaber: [item] } },
        },
      ],
      { validateOnly },
    );
    if (written?.outcome !== 'afvist') return;
    const [fault] = written.fejl ?? [];
    throw new Refusal(
      written.status,
      fault?.kode ?? 'afvist',
      fault?.besked ?? 'Indlæsningen kan ikke registreres.',
    );
  }
}
