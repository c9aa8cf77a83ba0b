import type { Changed, ChangeReport } from './change-report';
import type { FieldChange } from './field-change';
import type { Advice } from './advice';

const WIDTH = 70;

const SECTIONS = [
  ['nye', 'Nye'],
  ['aendrede', 'Ændrede'],
  ['typografiske', 'Ændrede kun typografisk'],
  ['udgaaede', 'Udgåede'],
  ['flyttede', 'Flyttede'],
  ['genaktiverede', 'Genaktiverede'],
] as const;

const FIELDS: Readonly<Record<FieldChange['felt'], string>> = {
  titel: 'titel',
  overordnet: 'overordnet',
  vejledning: 'vejledning',
  bevaring: 'bevaring',
  sletning: 'sletning',
  filtre: 'filtre',
  stikord: 'stikord',
  retskilder: 'retskilder',
  oprettet: 'oprettet',
  rettet: 'rettet',
  ophoert: 'udgået/flyttet',
  afloestAf: 'afløst af',
};

const ADVICE: Readonly<Record<Advice['slags'], string>> = {
  'efterfoelger-mangler': 'afløst af et nummer, der ikke findes',
  'efterfoelger-paa-andet-niveau': 'afløst af et nummer på et andet niveau',
  'flyttet-uden-efterfoelger': 'flyttet uden efterfølger',
  'rettet-foer-oprettet': 'rettet før oprettet',
  'aktiv-under-udgaaet': 'i brug under et udgået nummer',
  'uuid-afvigelse': 'andet UUID end registrets',
  'uuid-optaget': 'UUID, som et andet nummer har',
};

const number = (n: number): string => n.toLocaleString('da-DK');
const cut = (text: string): string => (text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text);
const quoted = (text: string): string => (text ? `»${cut(text)}«` : 'intet');

/** Of two long texts, the parts where they begin to differ. */
function fromDifference(foer: string, nu: string): [string, string] {
  let same = 0;
  while (same < foer.length && foer[same] === nu[same]) same += 1;
  const start =
    Math.max(foer.length, nu.length) > WIDTH && same > WIDTH / 2 ? same - Math.floor(WIDTH / 4) : 0;
  const part = (text: string): string => (start && text ? `…${text.slice(start)}` : text);
  return [part(foer), part(nu)];
}

/** Lists are told by what came and went, texts by what they were and are. */
function fieldLine({ felt, foer, nu }: FieldChange): string {
  const [old, current] = [foer.split('\n').filter(Boolean), nu.split('\n').filter(Boolean)];
  if (old.length < 2 && current.length < 2) {
    const [a, b] = fromDifference(foer, nu);
    return `${FIELDS[felt]}: ${quoted(a)} → ${quoted(b)}`;
  }
  const gone = old.filter((line) => !current.includes(line)).map((line) => `− ${quoted(line)}`);
  const come = current.filter((line) => !old.includes(line)).map((line) => `+ ${quoted(line)}`);
  return `${FIELDS[felt]}: ${[...gone, ...come].join(', ')}`;
}

function changedLines({ nr, titel, tilstand, ophoert, afloestAf, felter }: Changed): string[] {
  const successors = afloestAf.map((successor) =>
    successor.findes ? successor.nr : `${successor.nr} (findes ikke)`,
  );
  const state =
    tilstand === 'aktiv'
      ? ''
      : ` [${tilstand === 'flyttet' ? 'flyttet' : 'udgået'} ${ophoert ?? ''}${successors.length ? ` → ${successors.join(', ')}` : ''}]`;
  const told = felter.filter(
    ({ felt }) => tilstand === 'aktiv' || (felt !== 'ophoert' && felt !== 'afloestAf'),
  );
  return [`  ${nr.padEnd(8)}  ${titel}${state}`, ...told.map((change) => `            ${fieldLine(change)}`)];
}

const capped = (lines: readonly string[], total: number, shown: number): string[] =>
  total > shown ? [...lines, `  … og ${number(total - shown)} til`] : [...lines];

/** A change report for a terminal, in Danish. At most `longest` entries of each kind are shown; the counts tell all. */
export function changeReportText(report: ChangeReport, longest = 25): string {
  const { antal, format, udgivelsesdato } = report;
  const rows: (readonly [string, number])[] = [
    ...SECTIONS.map(([kind, heading]) => [heading, antal[kind]] as const),
    ['Uændrede', antal.uaendrede],
    ['Ikke i filen (bevares)', antal.ikkeIFilen],
  ];
  const lines = [
    `KLE ${format}${udgivelsesdato ? ` af ${udgivelsesdato}` : ''}: ${number(antal.iFilen)} numre`,
    ...rows.map(([heading, n]) => `  ${heading.padEnd(24)}${number(n).padStart(7)}`),
  ];
  for (const [kind, heading] of SECTIONS) {
    const changed = report[kind];
    if (changed.length === 0) continue;
    const told = changed.slice(0, longest).flatMap(changedLines);
    lines.push('', heading, ...capped(told, changed.length, longest));
  }
  for (const [slags, heading] of Object.entries(ADVICE)) {
    const advice = report.raad.filter((one) => one.slags === slags);
    if (advice.length === 0) continue;
    const told = advice.slice(0, longest).map(({ besked }) => `  ${besked}`);
    lines.push('', `Bemærk: ${number(advice.length)} ${heading}`, ...capped(told, advice.length, longest));
  }
  return lines.join('\n');
}
