import { DevelopmentIssuer } from '@stoettesystemer/access';
import { settingsFrom } from '@stoettesystemer/server';
import { services } from '../services';
import { readArguments, required } from '../usage';

export const tokenCommand = {
  name: 'token',
  usage: 'token --system NAVN --service TJENESTE --cvr CVR',
  does: 'Skriver et adgangstoken for et af demosystemerne; det gælder i 300 sekunder. Kun i profil udvikling.',
  async run(args: string[]): Promise<void> {
    const { values } = readArguments(args, {
      system: { type: 'string' },
      service: { type: 'string' },
      cvr: { type: 'string' },
    });
    const wish = {
      system: required(values.system, 'system'),
      service: required(values.service, 'service'),
      cvr: required(values.cvr, 'cvr'),
    };
    const { profile, dataDir } = settingsFrom();
    const issuer = await DevelopmentIssuer.open({ profile, directory: dataDir, services });
    process.stdout.write(`${await issuer.issue(wish)}\n`);
  },
};
