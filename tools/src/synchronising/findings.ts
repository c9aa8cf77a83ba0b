import type { Finding, RunTally } from './send-source';

/** Of each kind and type. */
const SHOWN = 20;

const HEADINGS: Readonly<Record<string, string>> = {
  ny: 'Nye',
  aendret: 'Ændrede',
  afvist: 'Afviste',
  mangler: 'Ikke mere i kilden',
  afsluttet: 'Afsluttede',
};

const count = (n: number): string => n.toLocaleString('da-DK');

function lineOf({ uuid, place, label, facets, faults }: Finding): string {
  const where = place === null ? '' : `${place.file}:${place.line}: `;
  const name = label === '' ? '' : ` »${label}«`;
  const what = facets.length > 0 ? ` (${facets.join(', ')})` : '';
  const why = faults.length > 0 ? ` – ${faults.join('; ')}` : '';
  return `  ${where}${uuid}${name}${what}${why}`;
}

/** What a run found, as it is to be read: the first of each kind, and how many there were. */
export class Findings {
  private readonly kinds = new Map<string, { count: number; shown: string[] }>();

  constructor(private readonly most: number = SHOWN) {}

  add(finding: Finding): void {
    const key = `${finding.handling} ${finding.type}`;
    const kind = this.kinds.get(key) ?? { count: 0, shown: [] };
    kind.count++;
    if (kind.shown.length < this.most) kind.shown.push(lineOf(finding));
    this.kinds.set(key, kind);
  }

  text(): string {
    return Object.entries(HEADINGS)
      .flatMap(([handling, heading]) => {
        const kinds = [...this.kinds].filter(([key]) => key.split(' ')[0] === handling);
        return kinds.flatMap(([key, kind]) => {
          const type = key.slice(handling.length + 1);
          const rest = kind.count - kind.shown.length;
          return [
            `${heading}${type === '' ? '' : `, ${type}`} (${count(kind.count)}):`,
            ...kind.shown,
            ...(rest > 0 ? [`  … og ${count(rest)} til; --alle viser dem.`] : []),
          ];
        });
      })
      .join('\n');
  }
}

export const tallyText = (tally: RunTally): string =>
  [
    `${count(tally.i_alt)} objekter i kilden: ${count(tally.oprettet)} nye, ${count(tally.rettet)} ændrede, ` +
      `${count(tally.uaendret)} uændrede, ${count(tally.afvist)} afviste.`,
    ...(tally.foraeldreloese > 0
      ? [
          `${count(tally.foraeldreloese)} er ikke mere i kilden; ${count(tally.lukket)} af dem blev afsluttet.`,
        ]
      : []),
    tally.udfoert
      ? 'Forskellene er skrevet.'
      : 'Intet er skrevet. Kør igen med --udfoer for at skrive forskellene.',
  ].join('\n');
