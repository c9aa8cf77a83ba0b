import { writeFileSync } from 'node:fs';
import { Bench, type Size } from './bench/bench';
import { asOf } from './bench/chapters/as-of';
import { bulk } from './bench/chapters/bulk';
import { changeCost } from './bench/chapters/change-cost';
import type { Chapter } from './bench/chapters/chapter';
import { distributing } from './bench/chapters/distributing';
import { growth } from './bench/chapters/growth';
import { importing } from './bench/chapters/importing';
import { judging } from './bench/chapters/judging';
import { kle } from './bench/chapters/kle';
import { organisation } from './bench/chapters/organisation';
import { reading } from './bench/chapters/reading';
import { sequencing } from './bench/chapters/sequencing';
import { startUp } from './bench/chapters/start-up';
import { synchronising } from './bench/chapters/synchronising';
import { tokens } from './bench/chapters/tokens';
import { writing } from './bench/chapters/writing';
import { type Figure, isReached } from './bench/figure';
import { machineOf, machineText } from './bench/machine';
import { writeReadme } from './bench/readme';
import { figureTable, loadTable } from './bench/tables';
import { readArguments, UsageError } from './usage';

/** In this order: the first two fill the stocks that the others are measured on. */
const CHAPTERS: readonly Chapter[] = [
  importing,
  growth,
  reading,
  writing,
  changeCost,
  asOf,
  bulk,
  sequencing,
  judging,
  tokens,
  organisation,
  distributing,
  startUp,
  kle,
  synchronising,
];

const SHORT: Size = { steps: [100_000], small: 10_000, facts: 5, rounds: 5, seconds: 1.5 };
const LONG: Size = {
  steps: [100_000, 1_000_000],
  small: 10_000,
  facts: 20,
  rounds: 7,
  seconds: 3,
  isLong: true,
};

const USAGE =
  'Brug: npm run bench -- [--only NAVN] [--json FIL] [--readme] [--long] [--objects ANTAL] [--rounds ANTAL] [--profile MAPPE]\n' +
  `NAVN er et af: ${CHAPTERS.map(({ name }) => name).join(', ')}; flere med komma imellem.`;

interface Wish {
  readonly chapters: readonly Chapter[];
  readonly size: Size;
  readonly json: string | undefined;
  readonly readme: boolean;
  readonly profile: string | undefined;
}

function countOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`--${name} skal være et antal.`);
  return count;
}

function wishFrom(args: string[]): Wish {
  const { values, positionals } = readArguments(args, {
    json: { type: 'string' },
    only: { type: 'string' },
    long: { type: 'boolean' },
    readme: { type: 'boolean' },
    objects: { type: 'string' },
    rounds: { type: 'string' },
    profile: { type: 'string' },
  });
  if (positionals.length > 0) throw new UsageError(`${positionals[0]} kendes ikke.`);
  const usual = CHAPTERS.filter(({ isLong }) => values.long || !isLong);
  const names = values.only?.split(',') ?? usual.map(({ name }) => name);
  for (const name of names)
    if (!CHAPTERS.some((chapter) => chapter.name === name))
      throw new UsageError(`${name} er ikke en del af målingen.`);
  if (values.readme && values.only !== undefined)
    throw new UsageError('--readme skriver hele målingen og kan ikke bruges med --only.');
  const size = values.long ? LONG : SHORT;
  const objects = countOf(values.objects, 'objects');
  const rounds = countOf(values.rounds, 'rounds') ?? size.rounds;
  return {
    chapters: CHAPTERS.filter(({ name }) => names.includes(name)),
    size: { ...size, rounds, ...(objects ? { steps: [objects], small: Math.ceil(objects / 10) } : {}) },
    json: values.json,
    readme: values.readme === true,
    profile: values.profile,
  };
}

async function run({ chapters, size, json, readme, profile }: Wish): Promise<void> {
  const bench = await Bench.open(size, profile);
  const stop = (): void => {
    void bench.close().finally(() => process.exit(130));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const figures: Figure[] = [];
  try {
    const machine = machineText(await machineOf(bench.place.url));
    for (const chapter of chapters) {
      console.error(`${chapter.name} …`);
      const begin = performance.now();
      const found = await chapter.run(bench);
      figures.push(...found);
      const seconds = Math.round((performance.now() - begin) / 1000);
      console.log(`${chapter.name} (${seconds} s)\n${figureTable(found)}\n`);
    }
    const { rows } = bench.rounds;
    const loads = rows.length > 0 ? `\n\n${loadTable(rows)}` : '';
    console.log(`${machine}${loads}`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
    if (readme) {
      const aimed = figures.filter(({ target }) => target !== null);
      const others = figures.filter(({ target }) => target === null);
      const about = `Measured on ${machine}. Each ratio is to a baseline that ran turn about with it; medians.`;
      writeReadme([about, figureTable(aimed), figureTable(others), loadTable(rows)].join('\n\n'));
    }
    const missed = figures.filter((figure) => isReached(figure) === false);
    console.log(
      `\n${figures.filter(({ target }) => target !== null).length - missed.length} targets reached, ${missed.length} missed`,
    );
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await bench.close();
  }
}

function main(): Promise<void> | void {
  try {
    return run(wishFrom(process.argv.slice(2)));
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    console.error(`${cause.message}\n${USAGE}`);
    process.exitCode = 2;
  }
}

Promise.resolve(main()).catch((cause: unknown) => {
  console.error(cause);
  process.exitCode = 1;
});
