import type { Running } from '../../spec/running';

/** Registrations that the usual municipality has, of all types: every change makes one. */
export async function stored({ database }: Pick<Running, 'database'>): Promise<number> {
  const statement = { name: 'spec-stored', text: 'select count(*)::int as n from registration' };
  const { rows } = await database.run({ owner: '12345678' }, statement);
  return rows[0]?.['n'] as number;
}
