/** One result, as the JSON output has it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the baseline took or gave in the same unit; null for a figure that stands alone. */
  readonly baseline: number | null;
  /** The share of the baseline's work or rate that is left (1 is as good), or how many times its cost. */
  readonly ratio: number | null;
  /** Of the ratio, and of the value where there is none. */
  readonly target: number | null;
  /** The target is the least that will do; otherwise the most. */
  readonly atLeast: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

interface Parts {
  readonly name: string;
  readonly unit: string;
  readonly target?: number;
}
/** The same rounds of both, in the order they were run. */
interface Pair {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

const paired = ({ ours, theirs }: Pair, ratio: (ours: number, theirs: number) => number): number =>
  median(ours.map((value, round) => ratio(value, theirs[round]!)));

/** Of costs: how much of the baseline's efficiency is left, at least `target`. */
export const shareOfCost = (parts: Parts, pair: Pair): Figure =>
  figure(
    parts,
    median(pair.ours),
    median(pair.theirs),
    paired(pair, (ours, theirs) => theirs / ours),
    true,
  );

/** Of rates: how much of the baseline's rate is reached, at least `target`. */
export const shareOfRate = (parts: Parts, pair: Pair): Figure =>
  figure(
    parts,
    median(pair.ours),
    median(pair.theirs),
    paired(pair, (ours, theirs) => ours / theirs),
    true,
  );

/** Of costs: how many times the baseline's, at most `target`. */
export const timesCost = (parts: Parts, pair: Pair): Figure =>
  figure(
    parts,
    median(pair.ours),
    median(pair.theirs),
    paired(pair, (ours, theirs) => ours / theirs),
    false,
  );

/** Against a number from elsewhere. */
export const timesRate = (parts: Parts, values: readonly number[], baseline: number): Figure =>
  figure(parts, median(values), baseline, median(values) / baseline, true);

export const alone = (parts: Parts & { atLeast?: boolean }, values: readonly number[]): Figure =>
  figure(parts, median(values), null, null, parts.atLeast ?? false);

function figure(
  { name, unit, target }: Parts,
  value: number,
  baseline: number | null,
  ratio: number | null,
  atLeast: boolean,
): Figure {
  return { name, value, unit, baseline, ratio, target: target ?? null, atLeast };
}

/** Null where there is no target. */
export function isReached({ value, ratio, target, atLeast }: Figure): boolean | null {
  if (target === null) return null;
  return atLeast ? (ratio ?? value) >= target : (ratio ?? value) <= target;
}
