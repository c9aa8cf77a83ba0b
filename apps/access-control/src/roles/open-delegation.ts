import { now } from '@stoettesystemer/object';
import type { Sight } from './catalogue';
import { periodOf, textOf } from './periods';

/** One that may still give somebody the role. */
export const OPEN_DELEGATION: ReadonlySet<string> = new Set(['Anmodet', 'Accepteret']);

/** Whether a delegation is asked for or accepted, now or later. */
export async function isOpenDelegation({ look }: Pick<Sight, 'look'>, uuid: string): Promise<boolean> {
  const found = await look('Delegation', uuid, ['status']);
  const present = now();
  return (found?.['status'] ?? []).some((item) => {
    const { to } = periodOf(item);
    return OPEN_DELEGATION.has(textOf(item, 'vaerdi') ?? '') && (to === null || to > present);
  });
}
