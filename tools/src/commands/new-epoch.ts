import { newEpoch } from '@stoettesystemer/feed';
import { Database, poolFor, ROLES } from '@stoettesystemer/postgres';
import { openDatabase } from '../open-store';
import { services } from '../services';
import { readArguments, required, UsageError } from '../usage';

export const newEpochCommand = {
  name: 'haendelser ny-epoke',
  usage: 'haendelser ny-epoke --service TJENESTE',
  does:
    'Efter en gendannelse, som tjenesten ikke selv kan se (et øjebliksbillede af disken, kopierede rækker): ' +
    'alle, der læser hændelser, får besked på at begynde forfra.',
  async run(args: string[]): Promise<void> {
    const { values, positionals } = readArguments(args, { service: { type: 'string' } });
    const [extra] = positionals;
    if (extra !== undefined) throw new UsageError(`${extra} kendes ikke.`);
    const name = required(values.service, 'service');
    if (!(name in services)) throw new UsageError(`Der er ingen tjeneste ved navn ${name}.`);
    const { databaseUrl, close } = await openDatabase(name);
    const pool = poolFor(databaseUrl, { size: 1, role: ROLES.app });
    try {
      process.stdout.write(`${name}: ny epoke ${await newEpoch(new Database(pool))}\n`);
    } finally {
      await pool.end();
      await close();
    }
  },
};
