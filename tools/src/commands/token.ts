import { Refusal } from '@stoettesystemer/object';
import { settingsFrom } from '@stoettesystemer/server';
import { demoToken } from '../demo-token';
import { readArguments, required } from '../usage';

export const tokenCommand = {
  name: 'token',
  usage: 'token --system NAVN --service TJENESTE --cvr CVR [--adresse URL]',
  does:
    'Henter et adgangstoken hos platformen som et af demosystemerne og skriver det; det gælder i 300 sekunder. ' +
    'Kun i profil udvikling.',
  async run(args: string[]): Promise<void> {
    const { values } = readArguments(args, {
      system: { type: 'string' },
      service: { type: 'string' },
      cvr: { type: 'string' },
      adresse: { type: 'string' },
    });
    const wish = {
      system: required(values.system, 'system'),
      service: required(values.service, 'service'),
      cvr: required(values.cvr, 'cvr'),
    };
    const { profile, dataDir, externalUrl } = settingsFrom();
    if (profile === 'produktion')
      throw new Refusal(403, 'profil', 'Demosystemerne findes ikke i profil produktion.');
    process.stdout.write(`${await demoToken(wish, { address: values.adresse ?? externalUrl, dataDir })}\n`);
  },
};
