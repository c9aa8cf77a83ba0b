import { eventOf, topicFilters, WAYS_TO_ASK } from './made-up-event';

type Texts = Readonly<Record<string, string>>;
type Filter = Readonly<Record<string, unknown>>;

const kind = { topics: 2_000, subjects: 10_000 };

/** What CloudEvents Subscriptions says of the dialects that are used. */
function isMet(filter: Filter, event: Texts): boolean {
  const [[dialect, given] = []] = Object.entries(filter);
  const every = (holds: (value: string, asked: string) => boolean) =>
    Object.entries(given as Texts).every(([name, asked]) => holds(event[name]!, asked));
  switch (dialect) {
    case 'exact':
      return every((value, asked) => value === asked);
    case 'prefix':
      return every((value, asked) => value.startsWith(asked));
    case 'suffix':
      return every((value, asked) => value.endsWith(asked));
    case 'not':
      return !isMet(given as Filter, event);
    case 'any':
      return (given as Filter[]).some((each) => isMet(each, event));
    default:
      return (given as Filter[]).every((each) => isMet(each, event));
  }
}

it('asks in every way for the events of one topic and no other', () => {
  for (const topic of [0, 1, 99, 100, 101, 1_999])
    for (let way = 0; way < WAYS_TO_ASK; way++) {
      const found = Array.from({ length: kind.topics }, (_, n) => n).filter((n) =>
        topicFilters(topic, way).every((filter) => isMet(filter, eventOf(n, kind))),
      );
      expect([way, found]).toEqual([way, [topic]]);
    }
});

it('gives every event an id of its own, and subjects in turn', () => {
  const events = Array.from({ length: 20_000 }, (_, n) => eventOf(n, kind));
  expect(new Set(events.map(({ id }) => id)).size).toBe(20_000);
  expect(new Set(events.map(({ subject }) => subject)).size).toBe(10_000);
});
