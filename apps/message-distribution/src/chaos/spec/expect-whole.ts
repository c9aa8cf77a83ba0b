import { printOutcome } from './print-outcome';
import { storm, type StormWish } from './storm';
import { RECEIVERS } from './receivers';

/** Whatever is killed: sent = received for each who may, in order, with repetitions that are known by their ids. */
export async function expectWhole(wish: StormWish): Promise<void> {
  const outcome = await storm(wish);
  printOutcome(outcome);
  const { verdicts, sent, stored, overlaps, denials, statuses, warnings } = outcome;
  const clean = { lost: 0, unauthorised: 0, disordered: 0, altered: 0 };
  try {
    expect(verdicts).toEqual(
      RECEIVERS.map(({ name }, at) => {
        const { expected } = verdicts[at]!;
        return { ...verdicts[at], receiver: name, expected, received: expected, ...clean };
      }),
    );
    for (const { expected } of verdicts) expect(expected).toBeGreaterThan(0);
    expect(stored).toEqual({ messages: sent, placed: sent, last: sent, waiting: 0, dead: 0, gaps: 0 });
    expect({ overlaps, denials }).toEqual({ overlaps: 0, denials: 0 });
  } catch (cause) {
    process.stdout.write(`${JSON.stringify([...statuses])}\n${warnings.join('\n')}\n`);
    throw cause;
  }
}
