import { danishDayAt, parseInstant, Refusal, startOfDanishDay } from '@stoettesystemer/object';
import type { Desired, Entry, Source } from '@stoettesystemer/organisation';
import { settingsFrom } from '@stoettesystemer/server';
import { clientToken, demoToken } from '../demo-token';
import { ProgressBar } from '../progress-bar';
import { Findings, tallyText } from '../synchronising/findings';
import type { PlatformService } from '../synchronising/platform';
import { becomeTolerant, ruleMode } from '../synchronising/rule-mode';
import { type ClassTally, sendClasses } from '../synchronising/send-classes';
import { sendSource } from '../synchronising/send-source';
import { readArguments, required, UsageError } from '../usage';

const FORMS: readonly Source['form'][] = ['os2mo', 'enhedstrae', 'csv', 'ndjson'];

type Values = ReturnType<typeof valuesOf>['values'];
const valuesOf = (args: string[]) =>
  readArguments(args, {
    cvr: { type: 'string' },
    kilde: { type: 'string' },
    form: { type: 'string' },
    tegnsaet: { type: 'string' },
    fra: { type: 'string' },
    organisation: { type: 'string' },
    udfoer: { type: 'boolean' },
    'afslut-foraeldreloese': { type: 'boolean' },
    graense: { type: 'string' },
    tving: { type: 'boolean' },
    tolerant: { type: 'string' },
    system: { type: 'string' },
    klient: { type: 'string' },
    noegle: { type: 'string' },
    adresse: { type: 'string' },
    alle: { type: 'boolean' },
  });

function formOf(text: string | undefined): { form?: Source['form'] } {
  if (text === undefined) return {};
  const form = FORMS.find((each) => each === text);
  if (!form) throw new UsageError(`--form skal være en af: ${FORMS.join(', ')}.`);
  return { form };
}

function encodingOf(text: string | undefined): { encoding?: 'utf-8' | 'latin-1' } {
  if (text === undefined) return {};
  if (text !== 'utf-8' && text !== 'latin-1')
    throw new UsageError('--tegnsaet skal være utf-8 eller latin-1.');
  return { encoding: text };
}

/** The platform's services, asked as a demo system in profile `udvikling`, else as an it-system with its own key. */
function servicesFor(values: Values, cvr: string): (service: string) => PlatformService {
  const { profile, dataDir, externalUrl } = settingsFrom();
  const address = (values.adresse ?? externalUrl).replace(/\/$/, '');
  const { klient, noegle, system = 'demo-fagsystem' } = values;
  if ((klient === undefined) !== (noegle === undefined))
    throw new UsageError('--klient og --noegle hører sammen: it-systemets UUID og filen med dets nøgle.');
  if (klient === undefined && profile === 'produktion')
    throw new UsageError(
      'Sig med --klient og --noegle, hvilket it-system der skriver. Demosystemerne er kun til udvikling.',
    );
  return (service) => ({
    address,
    token: () =>
      klient !== undefined && noegle !== undefined
        ? clientToken({ uuid: klient, keyFile: noegle }, { service, cvr }, { address })
        : demoToken({ system, service, cvr }, { address, dataDir }),
  });
}

function write(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`);
}

const classText = ({ ny, aendret, uaendret, afvist }: ClassTally, executes: boolean): string =>
  `Klassifikation: ${ny} nye, ${aendret} ændrede, ${uaendret} uændrede, ${afvist} afviste${executes ? '' : '; intet er skrevet'}.`;

/** Two trees in one organisation break a rule; nobody is to find that out afterwards. */
async function settleRules(
  service: PlatformService,
  roots: number,
  { udfoer, tolerant }: Values,
): Promise<void> {
  const { system, isTolerant } = await ruleMode(service);
  const severalRoots = `Kilden har ${roots} rødder i samme organisation, og reglen er: én rod.`;
  if (isTolerant) {
    write(
      `${roots > 1 ? `${severalRoots} ` : ''}It-systemet ${system} skriver tolerant: det, der bryder reglerne, skrives, og ` +
        'kan ses i /organisation/v1/afvigelser.',
    );
    return;
  }
  if (tolerant !== undefined) {
    write(
      `${roots > 1 ? `${severalRoots} ` : ''}It-systemet ${system} ${udfoer ? 'skriver fra nu af' : 'kommer til at skrive'} ` +
        `tolerant (/organisation/v1/regeltilstande/${system}): det, der bryder reglerne, skrives, og kan ses i ` +
        '/organisation/v1/afvigelser.',
    );
    if (udfoer) await becomeTolerant(service, system, tolerant);
    return;
  }
  if (roots <= 1) return;
  const how =
    `It-systemet ${system} skriver strengt, så kilden ville blive afvist. Sig --tolerant BEGRUNDELSE, hvis den skal ` +
    'skrives, som den er; så skriver it-systemet tolerant fra da af.';
  if (udfoer) throw new Refusal(422, 'rod', `${severalRoots} ${how} Intet er skrevet.`);
  write(`${severalRoots} ${how}`);
}

export const synchroniseOrganisationCommand = {
  name: 'organisation synkroniser',
  usage:
    'organisation synkroniser FIL… --cvr CVR [--kilde NAVN] [--form FORM] [--tegnsaet latin-1] [--fra DATO] ' +
    '[--organisation UUID] [--udfoer] [--afslut-foraeldreloese [--graense PROCENT] [--tving]] [--tolerant BEGRUNDELSE] ' +
    '[--system NAVN | --klient UUID --noegle FIL] [--adresse URL] [--alle]',
  does:
    'Holder en kilde op mod Organisation på en kørende platform: filer fra OS2mo og LoRa, et træ af enheder, tabeller ' +
    '(CSV) eller objekter (NDJSON); FIL kan være en mappe. Uden --udfoer vises kun forskellene; med den skrives de, og ' +
    'køres den igen, skrives intet. Det, kilden ikke har mere, afsluttes kun med --afslut-foraeldreloese.',
  async run(args: string[]): Promise<void> {
    const { values, positionals } = valuesOf(args);
    const cvr = required(values.cvr, 'cvr');
    if (positionals.length === 0) throw new UsageError('Hvilken fil?');
    if (values['afslut-foraeldreloese'] && !values.udfoer)
      throw new UsageError('--afslut-foraeldreloese kræver --udfoer.');
    const day = values.fra ?? danishDayAt(Date.now());
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || parseInstant(`${day}T00:00:00Z`) === null)
      throw new UsageError('--fra skal være en dato, fx 2026-11-01.');
    const from = startOfDanishDay(day);
    const platform = servicesFor(values, cvr);
    // The service's code is read only here: no other command needs it.
    const organisation = await import('@stoettesystemer/organisation');
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
    } = organisation;
    const files = (await Promise.all(positionals.map(filesAt))).flat();
    const options = { ...formOf(values.form), ...encodingOf(values.tegnsaet) };
    const { organisation: its } = values;
    const form = options.form ?? (await formOfAll(files));
    const name = values.kilde ?? form;
    const source = await openSource(files, {
      ...{ cvr, from, name, ...options, form },
      ...(its === undefined ? {} : { organisation: its }),
    });
    const found = await survey(source);
    const total = ofOrganisation(found);
    for (const [what, times] of source.omissions) write(`Udeladt: ${what} (${times}).`);
    if (found.elsewhere > 0) write(`${found.elsewhere} enheder ligger under en enhed, som ikke er i kilden.`);

    const service = platform('organisation');
    await settleRules(service, found.units.mostRoots, values);
    const findings = new Findings(values.alle ? Infinity : undefined);
    const classes: Desired[] = [];
    for await (const entry of inOrder(source, found))
      if (!isRefused(entry) && isOfKlassifikation(entry.type)) classes.push(entry);
    let refused = 0;
    if (classes.length > 0) {
      const tally = await sendClasses(platform('klassifikation'), cvr, classes, {
        executes: values.udfoer === true,
        found: (finding) => findings.add(finding),
      });
      refused += tally.afvist;
      write(classText(tally, values.udfoer === true));
    }
    const bar = new ProgressBar(values.udfoer ? 'skriver' : 'sammenligner');
    const tally = await sendSource(
      service,
      {
        ...{ uuid: runsOf(cvr, name), kilde: name, form: source.form, udfoer: values.udfoer === true },
        ...((await isSnapshot(source)) ? { gaelderFra: from } : {}),
        ...{ afslut: values['afslut-foraeldreloese'] === true, tving: values.tving === true },
        ...(values.graense === undefined ? {} : { graense: values.graense }),
      },
      withoutClasses(inOrder(source, found), isOfKlassifikation),
      {
        found: (finding) => findings.add(finding),
        reached: (lines) => bar.show(Math.min(lines, total), total),
      },
    );
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
  },
};

async function* withoutClasses(
  entries: AsyncIterable<Entry>,
  isClass: (type: string) => boolean,
): AsyncGenerator<Entry> {
  for await (const entry of entries) if ('reason' in entry || !isClass(entry.type)) yield entry;
}
