import { Injectable } from '@nestjs/common';
import type { AsOf } from '@stoettesystemer/engine';
import { Database, ROLES } from '@stoettesystemer/postgres';
import { LRUCache } from 'lru-cache';
import { Directory } from './directory';
import { DirectoryLoader } from './directory-loader';
import { KEPT } from './directory-object';
import { knownAt } from './known-at';

/** Objects that are kept in all; a hundred thousand take some 60 MB. */
const MOST = 400_000;
/** When so many have changed, everything is read anew. */
const MANY = 5_000;

/** A directory, and how far it has followed the feed of its database. */
interface Kept {
  readonly directory: Directory;
  readonly epoch: string;
  readonly position: number;
}
/** The news under way, and those that wait for it to end: who comes while it is under way must hear later news. */
interface Line {
  current: Promise<unknown>;
  next: Promise<Directory> | null;
}

/**
 * Units and functions of municipalities, kept in memory and followed: each question first asks what has been registered
 * since, in the feed and in what has no place in it yet, and reads that anew. So what is answered from here is never
 * older than the question, and a tree of thousands costs no more than what has changed in it.
 */
@Injectable()
export class Directories {
  private readonly kept = new LRUCache<string, Kept>({
    maxSize: MOST,
    sizeCalculation: ({ directory }) => Math.min(MOST, directory.size + 1),
  });
  private readonly lines = new Map<string, Line>();
  private readonly loader: DirectoryLoader;

  constructor(private readonly database: Database) {
    this.loader = new DirectoryLoader(database);
  }

  /** As the municipality's units and functions are known at that moment of registration time. */
  async of(owner: string, at: Pick<AsOf, 'registrering'>): Promise<Directory> {
    const present = await this.present(owner);
    const known = knownAt(at);
    if (known === null) return present;
    const directory = present.copy();
    await this.loader.rewind(directory, known);
    return directory;
  }

  private present(owner: string): Promise<Directory> {
    let line = this.lines.get(owner);
    if (!line) this.lines.set(owner, (line = { current: Promise.resolve(), next: null }));
    const waiting = line;
    return (waiting.next ??= waiting.current
      .catch(() => undefined)
      .then(() => {
        waiting.current = waiting.next!;
        waiting.next = null;
        return this.followed(owner);
      }));
  }

  private async followed(owner: string): Promise<Directory> {
    const kept = this.kept.get(owner);
    const { epoch, first, position, changed } = await this.news(owner, kept?.position ?? null);
    const isGood = kept?.epoch === epoch && first <= kept.position + 1 && changed.length <= MANY;
    if (!isGood) {
      const directory = new Directory(owner);
      await this.loader.all(directory);
      this.kept.set(owner, { directory, epoch, position });
      return directory;
    }
    const { directory } = kept;
    try {
      if (changed.length > 0) await this.loader.some(directory, changed);
    } catch (cause) {
      this.kept.delete(owner);
      throw cause;
    }
    if (changed.length > 0 || position !== kept.position)
      this.kept.set(owner, { directory, epoch, position });
    return directory;
  }

  /** One statement, and so one moment: an event is in the feed, or in the outbox, or not committed. */
  private async news(owner: string, after: number | null) {
    const types = KEPT.map(({ type }) => type.name);
    const { rows } = await this.database.run(
      { owner, role: ROLES.feed },
      {
        name: 'directory-news',
        text: `select s.epoch, s.first_pos, s.last_pos, n.object_id from feed_state s left join lateral (
            (select f.object_id from feed f where f.owner = $1::int and f.pos > $2::bigint and f.type = any($3::text[])
              limit $4::int)
            union (select b.object_id from outbox b where b.owner = $1::int and b.type = any($3::text[])
              and $2::bigint is not null limit $4::int)) n on true`,
        values: [owner, after, types, MANY + 1],
      },
    );
    const [head] = rows;
    return {
      epoch: head!['epoch'] as string,
      first: Number(head!['first_pos']),
      position: Number(head!['last_pos']),
      changed: rows.flatMap(({ object_id }) => (object_id === null ? [] : [object_id as string])),
    };
  }
}
