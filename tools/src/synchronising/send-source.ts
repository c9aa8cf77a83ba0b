import type { Entry, Place } from '@stoettesystemer/organisation';
import { Refusal } from '@stoettesystemer/object';
import { exchange, type PlatformService } from './platform';

/** How a source is to be taken in; the platform's own words. */
export interface RunParameters {
  readonly uuid: string;
  readonly kilde: string;
  readonly form: string;
  readonly udfoer: boolean;
  readonly gaelderFra?: string;
  readonly afslut?: boolean;
  readonly graense?: string;
  readonly tving?: boolean;
}

export interface RunTally {
  readonly i_alt: number;
  readonly oprettet: number;
  readonly rettet: number;
  readonly uaendret: number;
  readonly afvist: number;
  readonly foraeldreloese: number;
  readonly lukket: number;
  readonly resultat: 'Gennemfoert' | 'Standset';
  readonly udfoert: boolean;
}

/** One thing that is not as it is registered. */
export interface Finding {
  readonly handling: string;
  readonly type: string;
  readonly uuid: string;
  readonly place: Place | null;
  /** What it is called, where that is nobody's name. */
  readonly label: string;
  /** Facets that are changed. */
  readonly facets: readonly string[];
  readonly faults: readonly string[];
}

export interface Sending {
  found(finding: Finding): void;
  /** Lines that the platform has dealt with. */
  reached(lines: number): void;
}

interface Fault {
  readonly sti: string;
  readonly besked: string;
}
const faultText = ({ sti, besked }: Fault): string => (sti === '' ? besked : `${sti}: ${besked}`);

/** Types whose objects are called something that is not a person's; the key of a function may be somebody's address. */
const NAMED: Readonly<Record<string, string>> = {
  Organisation: 'organisationNavn',
  OrganisationEnhed: 'enhedNavn',
  ItSystem: 'itSystemNavn',
};

function labelOf(entry: Entry): string {
  if ('reason' in entry) return '';
  const member = NAMED[entry.type];
  const value = member === undefined ? '' : entry.sections.attributter?.['egenskaber']?.at(-1)?.[member];
  return typeof value === 'string' ? value : '';
}

function queryOf({ kilde, form, udfoer, gaelderFra, afslut, graense, tving }: RunParameters): string {
  const said = {
    ...{ kilde, form, udfoer: `${udfoer}`, gaelderFra, graense },
    ...{ afslut: afslut ? 'true' : undefined, tving: tving ? 'true' : undefined },
  };
  const given = Object.entries(said).filter((each): each is [string, string] => each[1] !== undefined);
  return new URLSearchParams(given).toString();
}

/** Sends all that a source says to a running platform. @throws Refusal where the run was broken off; run it again. */
export async function sendSource(
  service: PlatformService,
  parameters: RunParameters,
  entries: AsyncIterable<Entry>,
  { found, reached }: Sending,
): Promise<RunTally> {
  const sent: { place: Place; label: string }[] = [];
  let ending: Record<string, unknown> = {};
  async function* lines(): AsyncGenerator<string> {
    for await (const entry of entries) {
      sent.push({ place: entry.place, label: labelOf(entry) });
      if ('reason' in entry) {
        found({
          ...{ handling: 'afvist', type: '', uuid: entry.uuids?.[0] ?? '', place: entry.place, label: '' },
          ...{ facets: [], faults: [entry.reason] },
        });
        yield `${JSON.stringify({ udeladt: entry.uuids ?? [] })}\n`;
      } else yield `${JSON.stringify({ objekttype: entry.type, uuid: entry.uuid, ...entry.sections })}\n`;
    }
    yield `${JSON.stringify({ slut: true, antal: sent.length })}\n`;
  }
  const path = `/organisation/v1/synkroniseringer/${parameters.uuid}/indlaesninger?${queryOf(parameters)}`;
  await exchange(service, path, lines(), (answer) => {
    ending = answer;
    if (typeof answer['naaet'] === 'number') return reached(answer['naaet']);
    const { handling, objekttype, linje } = answer;
    if (typeof handling !== 'string') return;
    const of = typeof linje === 'number' ? sent[linje - 1] : undefined;
    found({
      handling,
      type: typeof objekttype === 'string' ? objekttype : '',
      uuid: String(answer['uuid'] ?? answer['foraeldreloes'] ?? ''),
      place: of?.place ?? null,
      label: of?.label ?? '',
      facets: (answer['aendret'] ?? []) as string[],
      faults: ((answer['fejl'] ?? []) as Fault[]).map(faultText),
    });
  });
  if (typeof ending['i_alt'] === 'number') return ending as unknown as RunTally;
  const [fault] = (ending['fejl'] ?? []) as Fault[];
  throw new Refusal(502, 'afbrudt', fault?.besked ?? 'Indlæsningen blev afbrudt. Kør den igen.');
}
