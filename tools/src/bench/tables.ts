import { type Figure, isReached } from './figure';
import type { Row } from './rounds';

type Cells = readonly string[];

const rounded = (value: number): string => {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
};
const amount = (value: number | null, unit: string): string =>
  value === null ? '' : `${rounded(value)}${unit.startsWith('/') ? '' : ' '}${unit}`;

function verdict(figure: Figure): string {
  const reached = isReached(figure);
  return reached === null ? '' : reached ? 'yes' : 'NO';
}

const target = ({ target: wanted, atLeast, ratio, unit }: Figure): string =>
  wanted === null ? '' : `${atLeast ? '≥' : '≤'} ${ratio === null ? amount(wanted, unit) : rounded(wanted)}`;

const FIGURE_HEAD: Cells = ['figure', 'value', 'baseline', 'ratio', 'target', 'reached'];
const figureCells = (figure: Figure): Cells => [
  figure.name,
  amount(figure.value, figure.unit),
  amount(figure.baseline, figure.unit),
  figure.ratio === null ? '' : rounded(figure.ratio),
  target(figure),
  verdict(figure),
];

const ROW_HEAD: Cells = [
  'load',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'server CPU µs',
  'database CPU µs',
  'answer bytes',
];
const rowCells = ({ name, perSecond, p50, p99, serverCpu, databaseCpu, length }: Row): Cells => [
  name,
  ...[perSecond, p50, p99, serverCpu, databaseCpu].map(rounded),
  String(length),
];

/** Aligned, as Prettier writes a table. */
function table(head: Cells, rows: readonly Cells[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((cells) => [...cells[column]!].length)));
  const line = (cells: Cells): string => `| ${cells.map((cell, at) => pad(cell, widths[at]!)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}
const pad = (text: string, width: number): string => text + ' '.repeat(width - [...text].length);

export const figureTable = (figures: readonly Figure[]): string =>
  table(FIGURE_HEAD, figures.map(figureCells));
export const loadTable = (rows: readonly Row[]): string => table(ROW_HEAD, rows.map(rowCells));
