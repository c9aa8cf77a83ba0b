import type { Caller } from '@stoettesystemer/access';
import { type CloudEvent, FeedReader, Listener, Sequencer } from '@stoettesystemer/feed';
import { Journal } from '@stoettesystemer/testing';
import type { TestStore } from './test-store';

const log = { info: () => undefined, warn: () => undefined };

/** Gives everything recorded its place in the feed, and answers with a way to read it as a caller. */
export async function toldEvents(db: TestStore): Promise<(caller: Caller) => Promise<CloudEvent[]>> {
  const sequencer = new Sequencer({ url: db.url, log });
  const listener = new Listener({ url: db.url, log });
  const reader = new FeedReader(db.database, { service: 'proeve', types: [Journal], listener });
  sequencer.start();
  // The outbox is the sequencer's alone to see.
  const waiting = { name: 'outbox-waiting', text: 'select count(*)::int as n from outbox' };
  const context = { owner: null, role: 'stoette_feed' };
  while ((await db.database.run(context, waiting)).rows[0]!['n'] !== 0) sequencer.wake();
  await sequencer.stop();
  return async (caller) => {
    const events: CloudEvent[] = [];
    for (let after = 0; ;) {
      const page = await reader.read(caller, { after, limit: 50 });
      if (page.events.length === 0) return events;
      events.push(...page.events);
      after = page.position;
    }
  };
}
