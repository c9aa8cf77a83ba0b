import { DEMO_CLIENTS } from '@stoettesystemer/access';
import { danishDayAt, parseInstant, startOfDanishDay } from '@stoettesystemer/object';
import type { Source } from '@stoettesystemer/organisation';
import { settingsFrom } from '@stoettesystemer/server';
import { clientToken, demoToken } from '../demo-token';
import { bearer, bound } from '../synchronising/authorization';
import type { PlatformService } from '../synchronising/platform';
import { synchronise, type Wish } from '../synchronising/synchronise';
import { readArguments, required, UsageError } from '../usage';

const FORMS: readonly Source['form'][] = ['os2mo', 'enhedstrae', 'csv', 'ndjson'];

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
type Values = ReturnType<typeof valuesOf>['values'];

function formOf(text: string | undefined): Pick<Wish, 'form'> {
  if (text === undefined) return {};
  const form = FORMS.find((each) => each === text);
  if (!form) throw new UsageError(`--form skal være en af: ${FORMS.join(', ')}.`);
  return { form };
}

function encodingOf(text: string | undefined): Pick<Wish, 'encoding'> {
  if (text === undefined) return {};
  if (text !== 'utf-8' && text !== 'latin-1')
    throw new UsageError('--tegnsaet skal være utf-8 eller latin-1.');
  return { encoding: text };
}

function startOf(day: string = danishDayAt(Date.now())): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || parseInstant(`${day}T00:00:00Z`) === null)
    throw new UsageError('--fra skal være en dato, fx 2026-11-01.');
  return startOfDanishDay(day);
}

function wishFrom(values: Values): Wish {
  const { kilde, organisation, tolerant, graense, udfoer = false, tving = false, alle = false } = values;
  const afslut = values['afslut-foraeldreloese'] === true;
  if (afslut && !udfoer) throw new UsageError('--afslut-foraeldreloese kræver --udfoer.');
  return {
    cvr: required(values.cvr, 'cvr'),
    from: startOf(values.fra),
    executes: udfoer,
    showsAll: alle,
    ending: { afslut, tving, ...(graense === undefined ? {} : { graense }) },
    ...formOf(values.form),
    ...encodingOf(values.tegnsaet),
    ...(kilde === undefined ? {} : { name: kilde }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(tolerant === undefined ? {} : { tolerant }),
  };
}

/** The platform's services, asked as a demo system in profile `udvikling`, else as an it-system with its own key. */
function platformFor(values: Values, cvr: string): (service: string) => PlatformService {
  const { profile, dataDir, externalUrl } = settingsFrom();
  const address = (values.adresse ?? externalUrl).replace(/\/$/, '');
  const { klient, noegle, system = 'demo-fagsystem' } = values;
  if ((klient === undefined) !== (noegle === undefined))
    throw new UsageError('--klient og --noegle hører sammen: it-systemets UUID og filen med dets nøgle.');
  if (klient !== undefined && noegle !== undefined)
    return (service) => ({
      address,
      system: klient,
      authorize: bound((holder) =>
        clientToken({ uuid: klient, keyFile: noegle }, { service, cvr }, { address }, holder),
      ),
    });
  if (profile === 'produktion')
    throw new UsageError(
      'Sig med --klient og --noegle, hvilket it-system der skriver. Demosystemerne er kun til udvikling.',
    );
  return (service) => ({
    address,
    system: DEMO_CLIENTS[system] ?? '',
    authorize: bearer(() => demoToken({ system, service, cvr }, { address, dataDir })),
  });
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
    const wish = wishFrom(values);
    if (positionals.length === 0) throw new UsageError('Hvilken fil?');
    await synchronise(positionals, wish, platformFor(values, wish.cvr));
  },
};
