import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { COMMON_OWNER } from '@stoettesystemer/access';
import {
  changeReportText,
  classification,
  faultText,
  importKle,
  InvalidKle,
  readUuidList,
} from '@stoettesystemer/classification';
import { openStore } from '../open-store';
import { operatorAsk } from '../operator';
import { ProgressBar } from '../progress-bar';
import { readArguments, UsageError } from '../usage';

const today = (): string => new Date().toISOString().slice(0, 10);

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    throw new Error(`Filen ${file} kan ikke læses.`);
  }
}

export const importKleCommand = {
  name: 'klassifikation importer-kle',
  usage:
    'klassifikation importer-kle FIL… [--uuid-liste CSV] [--valider] [--lempelig] [--aeldre] [--fra DATO] [--json]',
  does:
    'Lægger udgaver af KLE ind (Emneplan 2.0, REST 1.2 og 1.3, Handlingsfacetter, UUID-liste) og skriver, hvad der ' +
    'blev ændret. --valider skriver intet. En fil med fejl ændrer intet.',
  async run(args: string[]): Promise<void> {
    const { values, positionals: files } = readArguments(args, {
      'uuid-liste': { type: 'string' },
      valider: { type: 'boolean' },
      lempelig: { type: 'boolean' },
      aeldre: { type: 'boolean' },
      fra: { type: 'string' },
      json: { type: 'boolean' },
    });
    if (files.length === 0) throw new UsageError('Hvilken fil?');
    const day = values.fra ?? today();
    if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new UsageError('--fra skal være en dato, fx 2026-11-01.');
    const sizes = await Promise.all(files.map(sizeOf));
    const list = values['uuid-liste'];
    if (list !== undefined) await sizeOf(list);
    const uuids = list === undefined ? undefined : await readUuidList(createReadStream(list));
    const { store, close } = await openStore(classification);
    try {
      for (const [at, file] of files.entries()) {
        const reading = new ProgressBar('læser', process.stderr);
        const writing = new ProgressBar('skriver', process.stderr);
        const ask = operatorAsk(classification.prefix, COMMON_OWNER, classification.types);
        const report = await importKle(store, ask, createReadStream(file), {
          day,
          ...(uuids ? { uuids } : {}),
          ...(values.lempelig ? { lempelig: true } : {}),
          ...(values.aeldre ? { older: true } : {}),
          ...(values.valider ? { validateOnly: true } : {}),
          totalBytes: sizes[at]!,
          onProgress: ({ read, total = 0 }) => reading.show(read, total),
          onWritten: ({ written, total }) => writing.show(written, total),
        }).catch((cause: unknown) => {
          if (!(cause instanceof InvalidKle)) throw cause;
          throw new Error([cause.detail, ...cause.fejl.map((fault) => `  ${faultText(fault)}`)].join('\n'));
        });
        process.stdout.write(`${values.json ? JSON.stringify(report) : changeReportText(report)}\n`);
      }
    } finally {
      await close();
    }
  },
};
