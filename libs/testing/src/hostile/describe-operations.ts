import fc from 'fast-check';
import type { Attempt } from './attempt';
import { Attempts } from './attempts';
import { wronged } from './faults';
import { Document, type Operation } from './document';
import { type Besieged, Siege } from './siege';
import { Spoiler } from './spoiled';
import { Values } from './value-of';

export interface SiegeOptions {
  /** Starts the service; `close` ends it. */
  start(): Promise<Besieged & { close(): Promise<void> }>;
  /** The document, before anything runs: tests are named by its operations. */
  readonly document: unknown;
  /** Requests of each of the three kinds to each operation. */
  readonly requests: number;
  /** Makes a body one that the rules of the domain take: they are told in words, and no schema holds them. */
  prepare?(target: Besieged, operation: string, body: unknown): Promise<unknown>;
  /** A token for an operation that takes another than the usual. */
  tokenFor?(target: Besieged, operation: string): Promise<string>;
  /** operationIds whose lines are taken as one, and answered as one. */
  readonly sets?: readonly string[];
  /** Codes of 403 by which rules of the domain refuse what the document allows. */
  readonly denials?: readonly string[];
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const seed = Number(process.env['SEED'] ?? 4711);

/** Registrations of all municipalities: a registration is what every change makes. */
async function storedIn({ database }: Besieged): Promise<number> {
  const statement = { name: 'spec-stored', text: 'select count(*)::int as n from registration' };
  const { rows } = await database.run({ owner: '12345678' }, statement);
  return rows[0]?.['n'] as number;
}

/**
 * T58: every operation of a service is sent requests that its document allows, and requests that it does not; none is
 * a defect, every answer is one that the document promises, and what is wrong is refused and not stored.
 */
export function describeOperations(name: string, options: SiegeOptions): void {
  describe(`T58: every operation of ${name}`, () => {
    const document = new Document(options.document);
    let target: Awaited<ReturnType<SiegeOptions['start']>>;
    let siege: Siege;
    let attemptsOf: (operation: Operation) => Attempts;

    beforeAll(async () => {
      target = await options.start();
      const tokenFor = (id: string) => options.tokenFor?.(target, id) ?? target.token();
      siege = new Siege(target, tokenFor, options.denials);
      const values = new Values(document, siege.anything);
      const spoiler = new Spoiler(document);
      attemptsOf = (operation) => new Attempts(operation, values, spoiler);
    });
    afterAll(async () => {
      const statuses = [...siege.statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`);
      process.stdout.write(`T58 ${name}, SEED=${seed}: ${siege.sent} requests; ${statuses.join(', ')}\n`);
      await target.close();
    });

    const isMaker = ({ makes, method }: Operation): boolean => makes && method === 'POST';
    const makers = document.operations.filter(isMaker);
    // What makes objects goes first, so that there is something for the others.
    const operations = [...makers, ...document.operations.filter((each) => !isMaker(each))];
    const play = async <T>(
      attempts: fc.Arbitrary<T>,
      send: (attempt: T) => Promise<unknown>,
    ): Promise<void> => {
      const property = fc.asyncProperty(attempts, async (attempt) => void (await send(attempt)));
      // What is stored by a failing request is there when it is tried again, so shrinking would mislead.
      await fc.assert(property, { numRuns: options.requests, seed, endOnFailure: true });
    };
    /** Every other one is left as it was made, for rules to refuse. */
    const prepared = async (attempt: Attempt): Promise<Attempt> => {
      const { operation, body, pick, type } = attempt;
      if (!options.prepare || body === undefined || type !== 'application/json' || pick % 2 === 0)
        return attempt;
      const made = await options.prepare(target, operation.id, JSON.parse(body) as unknown);
      return { ...attempt, body: JSON.stringify(made) };
    };
    const unstored = async (work: () => Promise<unknown>): Promise<void> => {
      const before = await storedIn(target);
      await work();
      expect(await storedIn(target)).toBe(before);
    };

    describe.each(operations.map((each) => [each.id, each] as const))('%s', (_, operation) => {
      test('what is valid', () =>
        play(attemptsOf(operation).valid(), async (attempt) => siege.send(await prepared(attempt))));

      test('what is wrong in the address, the headers or the form of the body', () =>
        play(wronged(attemptsOf(operation).valid()), (attempt) => unstored(() => siege.send(attempt))));

      if (Object.keys(operation.body?.content ?? {}).includes('application/json'))
        test('what is wrong in the body', () =>
          play(attemptsOf(operation).spoiledBody()!, (attempt) => unstored(() => siege.send(attempt))));

      const takesLines = Object.keys(operation.body?.content ?? {}).includes('application/x-ndjson');
      if (takesLines && !options.sets?.includes(operation.id))
        test('lines of which some are wrong', () =>
          play(attemptsOf(operation).spoiledLines()!, (lines) => siege.sendLines(lines)));

      const others = METHODS.filter((method) => !document.methodsAt(operation.template).includes(method));
      if (others.length > 0)
        test('methods that it does not have', async () => {
          const attempts = fc.tuple(attemptsOf(operation).valid(), fc.constantFrom(...others));
          const property = fc.asyncProperty(attempts, ([attempt, method]) =>
            siege.sendOtherMethod(attempt, method),
          );
          await fc.assert(property, { numRuns: Math.min(5, options.requests), seed, endOnFailure: true });
        });
    });

    test.each(makers.map((each) => [each.id, each] as const))(
      '%s makes objects of what is valid',
      (_, { template }) => {
        expect(siege.howMany(template)).toBeGreaterThan(0);
      },
    );
  });
}
