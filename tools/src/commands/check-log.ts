import { join } from 'node:path';
import { type AuditFinding, checkAudit, publicRootKeys } from '@stoettesystemer/engine';
import { settingsFrom } from '@stoettesystemer/server';
import { openDatabase } from '../open-store';
import { ProgressBar } from '../progress-bar';
import { services } from '../services';
import { readArguments, UsageError } from '../usage';

const sentence = ({ what, cvr, plads, id, tid, dag }: AuditFinding): string => {
  const where = Object.entries({ kommune: cvr, plads, id, tid, dag }).filter(
    ([, value]) => value !== undefined,
  );
  return `  ${what} (${where.map(([name, value]) => `${name} ${value}`).join(', ')})\n`;
};

export const checkLogCommand = {
  name: 'sikkerhedslog kontroller',
  usage: 'sikkerhedslog kontroller [--service TJENESTE] [--noegle FIL] [--roedder MAPPE]',
  does:
    'Efterprøver sikkerhedsloggens kæder og de underskrevne rødder, og nævner den første række, der er ændret, fjernet ' +
    'eller sat ind; fejler, hvis der er en. FIL har de offentlige nøgler (PEM), MAPPE de eksporterede rødder.',
  async run(args: string[]): Promise<void> {
    const { values, positionals } = readArguments(args, {
      service: { type: 'string' },
      noegle: { type: 'string' },
      roedder: { type: 'string' },
    });
    const [extra] = positionals;
    if (extra !== undefined) throw new UsageError(`${extra} kendes ikke.`);
    const names = values.service === undefined ? Object.keys(services) : [values.service];
    for (const name of names)
      if (!(name in services)) throw new UsageError(`Der er ingen tjeneste ved navn ${name}.`);
    const { dataDir } = settingsFrom();
    const keys = await publicRootKeys(values.noegle ?? join(dataDir, 'sikkerhedslog.noegle'));
    const folder = values.roedder ?? join(dataDir, 'sikkerhedslog');
    let faults = 0;
    for (const service of names) {
      const { databaseUrl, close } = await openDatabase(service);
      const bar = new ProgressBar(service);
      try {
        const progress = (done: number, total: number) => bar.show(done, total);
        const { findings, chains, rows, roots, waiting } = await checkAudit(databaseUrl, {
          service,
          keys,
          folder,
          progress,
        });
        process.stdout.write(
          `${service}: ${chains} kæder, ${rows} rækker, ${roots} rødder; ${waiting} rækker venter på deres plads\n`,
        );
        for (const finding of findings) process.stdout.write(sentence(finding));
        faults += findings.length;
      } finally {
        await close();
      }
    }
    if (faults > 0) throw new Error(`Sikkerhedsloggen er ikke, som den blev skrevet: ${faults} fund.`);
  },
};
