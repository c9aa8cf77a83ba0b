import { Refusal } from '@stoettesystemer/object';
import type { Desired, Entry, Source, SourceFile, Survey } from '@stoettesystemer/organisation';
import { ProgressBar } from '../progress-bar';
import { Findings, tallyText } from './findings';
import type { PlatformService } from './platform';
import { settleRules } from './rule-mode';
import { type ClassTally, sendClasses } from './send-classes';
import { type RunParameters, sendSource } from './send-source';

/** What is asked for, beside the files. */
export interface Wish {
  readonly cvr: string;
  /** The source's name; its form where it has none. */
  readonly name?: string;
  readonly form?: Source['form'];
  readonly encoding?: 'utf-8' | 'latin-1';
  /** The moment from when a source without dates speaks. */
  readonly from: string;
  readonly organisation?: string;
  readonly executes: boolean;
  /** Why the it-system is to write tolerantly. */
  readonly tolerant?: string;
  readonly ending: Pick<RunParameters, 'afslut' | 'graense' | 'tving'>;
  readonly showsAll: boolean;
}

const write = (text: string): void => void (text === '' || process.stdout.write(`${text}\n`));

const classText = ({ ny, aendret, uaendret, afvist }: ClassTally, executes: boolean): string =>
  `Klassifikation: ${ny} nye, ${aendret} ændrede, ${uaendret} uændrede, ${afvist} afviste${executes ? '' : '; intet er skrevet'}.`;

/** Shows how far the files have been read, as long as `isOn` says so. */
function watched(files: readonly SourceFile[], isOn: () => boolean): SourceFile[] {
  const bar = new ProgressBar('læser');
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let read = 0;
  return files.map((file) => ({
    ...file,
    async *open() {
      for await (const bytes of file.open()) {
        if (isOn()) bar.show((read += bytes.length), total);
        yield bytes;
      }
    },
  }));
}

/**
 * Holds the files against a running platform, tells what differs, and with leave writes it.
 * @throws Refusal where the source cannot be read, is stopped, or has objects that are refused.
 */
export async function synchronise(
  paths: readonly string[],
  wish: Wish,
  platform: (service: string) => PlatformService,
): Promise<void> {
  // The service's code is read only here: no other command needs it.
  const {
    filesAt,
    formOfAll,
    inOrder,
    isOfKlassifikation,
    isRefused,
    isSnapshot,
    ofOrganisation,
    openSource,
    runsOf,
    survey,
  } = await import('@stoettesystemer/organisation');
  const { cvr, executes } = wish;
  let isSurveying = false;
  const files = watched((await Promise.all(paths.map(filesAt))).flat(), () => isSurveying);
  const form = wish.form ?? (await formOfAll(files));
  const name = wish.name ?? form;
  const source = await openSource(files, { ...wish, form, name });
  isSurveying = true;
  const found = await survey(source);
  isSurveying = false;
  tellOf(source, found);

  const service = platform('organisation');
  await settleRules(service, found.units.mostRoots, { executes, why: wish.tolerant, tell: write });
  const findings = new Findings(wish.showsAll ? Infinity : undefined);
  const add = findings.add.bind(findings);
  let refused = 0;
  if ([...found.counts.keys()].some(isOfKlassifikation)) {
    const classes: Desired[] = [];
    for await (const entry of inOrder(source, found))
      if (!isRefused(entry) && isOfKlassifikation(entry.type)) classes.push(entry);
    const tally = await sendClasses(platform('klassifikation'), cvr, classes, { executes, found: add });
    refused += tally.afvist;
    write(classText(tally, executes));
  }

  async function* ofThis(): AsyncGenerator<Entry> {
    for await (const entry of inOrder(source, found))
      if (isRefused(entry) || !isOfKlassifikation(entry.type)) yield entry;
  }
  const total = ofOrganisation(found);
  const bar = new ProgressBar(executes ? 'skriver' : 'sammenligner');
  const parameters: RunParameters = {
    ...{ uuid: runsOf(cvr, name), kilde: name, form, udfoer: executes, ...wish.ending },
    ...((await isSnapshot(source)) ? { gaelderFra: wish.from } : {}),
  };
  const reached = (lines: number): void => bar.show(Math.min(lines, total), total);
  const tally = await sendSource(service, parameters, ofThis(), { found: add, reached });
  write(findings.text());
  write(tallyText(tally));
  refused += tally.afvist;
  if (tally.resultat === 'Standset')
    throw new Refusal(
      409,
      'standset',
      'Så meget er ikke mere i kilden, eller kan ikke læses i den, at den ikke ligner sig selv; intet er afsluttet. ' +
        'Er kilden rigtig, så sig --tving eller en højere --graense.',
    );
  if (refused > 0) throw new Refusal(422, 'afvist', `${refused} blev afvist; se ovenfor.`);
}

function tellOf({ omissions }: Source, { elsewhere }: Survey): void {
  for (const [what, times] of omissions) write(`Udeladt: ${what} (${times}).`);
  if (elsewhere > 0) write(`${elsewhere} enheder ligger under en enhed, som ikke er i kilden.`);
}
