import { settingsFrom } from '@stoettesystemer/server';
import { readArguments, UsageError } from '../usage';

export const rotateKeyCommand = {
  name: 'adgangsstyring roter-noegle',
  usage: 'adgangsstyring roter-noegle [--kompromitteret]',
  does:
    'Tager den næste nøgle til at underskrive tokens i brug; den hidtidige bliver troet i 24 timer endnu. ' +
    'Med --kompromitteret bliver den ikke troet mere, og alle dens tokens er ugyldige.',
  async run(args: string[]): Promise<void> {
    const { values, positionals } = readArguments(args, { kompromitteret: { type: 'boolean' } });
    const [extra] = positionals;
    if (extra !== undefined) throw new UsageError(`${extra} kendes ikke.`);
    // The service's code is read only here: no other command needs it.
    const { SigningKeys } = await import('@stoettesystemer/access-control');
    const keys = await SigningKeys.open({ directory: settingsFrom().dataDir });
    try {
      await keys.rotate({ compromised: values.kompromitteret === true });
      process.stdout.write(`Der underskrives nu med ${keys.publicJwks().keys[0]?.kid ?? ''}.\n`);
    } finally {
      keys.onModuleDestroy();
    }
  },
};
