import { type Client, type Event, inboxSchema, type Registered, type Session } from '@stoettesystemer/client';
import { Klasse } from '@stoettesystemer/model';

/** The case system's own tables; beside those of the inbox, its copy of the classes that it works with. */
export const SCHEMA = `${inboxSchema()};
  create table if not exists klasse (uuid uuid primary key, nummer int not null, noegle text not null, titel text not null)`;

/** What the case system wants of a class. */
const wanted = ({ attributter, registrering }: Registered<typeof Klasse>) => {
  const [now] = attributter?.egenskaber ?? [];
  return { nummer: registrering.nummer, noegle: now?.brugervendtNoegle ?? '', titel: now?.titel ?? '' };
};

/**
 * The effect of a message about a class: the copy is as the class is now. The message says only that something happened;
 * what it was is read with the system's own token. It is read under the subject's lock in the inbox, so that what is
 * written is never older than what was written before.
 */
export async function copyClass(client: Client, session: Session, { subject }: Event): Promise<void> {
  const found = await client.objects('klassifikation', Klasse).read(subject!);
  if (!found) {
    await session.query('delete from klasse where uuid = $1', [subject]);
    return;
  }
  const { nummer, noegle, titel } = wanted(found);
  await session.query(
    `insert into klasse values ($1, $2, $3, $4) on conflict (uuid) do update
       set nummer = excluded.nummer, noegle = excluded.noegle, titel = excluded.titel`,
    [subject, nummer, noegle, titel],
  );
}
