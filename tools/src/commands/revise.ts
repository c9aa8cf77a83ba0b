import { revise } from '@stoettesystemer/engine';
import { openDatabase } from '../open-store';
import { services } from '../services';
import { readArguments, UsageError } from '../usage';

export const reviseCommand = {
  name: 'revisor',
  usage: 'revisor [--service TJENESTE]',
  does: 'Efterprøver, at alt registreret hænger sammen (I1–I7, I10, I11); fejler, hvis noget ikke gør.',
  async run(args: string[]): Promise<void> {
    const { values } = readArguments(args, { service: { type: 'string' } });
    const names = values.service === undefined ? Object.keys(services) : [values.service];
    for (const name of names)
      if (!(name in services)) throw new UsageError(`Der er ingen tjeneste ved navn ${name}.`);
    let faults = 0;
    for (const name of names) {
      const { databaseUrl, close } = await openDatabase(name);
      try {
        const { findings, counted } = await revise(databaseUrl, { types: services[name] ?? [] });
        process.stdout.write(`${name}: ${JSON.stringify(counted)}\n`);
        for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
        faults += findings.length;
      } finally {
        await close();
      }
    }
    if (faults > 0) throw new Error(`Revisor fandt ${faults} fejl.`);
  },
};
