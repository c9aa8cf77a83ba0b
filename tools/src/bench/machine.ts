import { cpus, totalmem } from 'node:os';
import { asOwner } from './place';

export interface Machine {
  readonly cores: number;
  readonly model: string;
  /** Gibibytes. */
  readonly memory: number;
  readonly node: string;
  readonly postgres: string;
  readonly date: string;
}

export async function machineOf(databaseUrl: string): Promise<Machine> {
  const processors = cpus();
  const postgres = await asOwner(databaseUrl, async (client) => {
    const { rows } = await client.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    return rows[0]?.version ?? '';
  });
  return {
    cores: processors.length,
    model: processors[0]?.model.trim() ?? '',
    memory: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres,
    date: new Date().toISOString().slice(0, 10),
  };
}

export const machineText = ({ cores, model, memory, node, postgres, date }: Machine): string =>
  `${cores} cores (${model}), ${memory} GiB, Node ${node}, PostgreSQL ${postgres}, ${date}`;
