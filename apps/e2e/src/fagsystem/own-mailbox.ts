import type { Client } from '@stoettesystemer/client';
import { Abonnement, Dueslag } from '@stoettesystemer/model';

const SERVICE = 'beskedfordeler';
const KEY = 'fagsystem-klasser';
const SINCE = { fra: '2026-01-01T00:00:00Z' };

const first = async <T>(found: AsyncIterable<T>): Promise<T | null> => {
  for await (const each of found) return each;
  return null;
};

/** The dueslag that the case system knows by its name, with a subscription to what happens to classes; made the first time. */
export async function ownMailbox(client: Client): Promise<string> {
  const mailboxes = client.objects(SERVICE, Dueslag);
  const subscriptions = client.objects(SERVICE, Abonnement);
  const named = { virkning: SINCE, brugervendtNoegle: KEY };
  const { uuid } =
    (await first(mailboxes.list({ brugervendtNoegle: KEY }))) ??
    (await mailboxes.create({ attributter: { egenskaber: [{ ...named, levering: 'hent' }] } }));
  if ((await first(subscriptions.list({ brugervendtNoegle: KEY, dueslag: uuid }))) === null)
    await subscriptions.create({
      attributter: { egenskaber: [{ ...named, filtre: [{ exact: { objekttype: 'Klasse' } }] }] },
      relationer: { dueslag: [{ virkning: SINCE, reference: { uuid } }] },
    });
  return uuid;
}
