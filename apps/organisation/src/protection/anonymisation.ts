import { Injectable } from '@nestjs/common';
import { type Ask, ObjectStore, type Written } from '@stoettesystemer/engine';
import { Person } from '@stoettesystemer/model';
import { notFound, Refusal } from '@stoettesystemer/object';
import { mustBeTold, type NumberAndReason, type Reason } from './reason-shape';

/** All that is said of somebody who is to be known no more. */
const LEAVES = { egenskaber: { brugervendtNoegle: 'anonymiseret', navn: 'Anonymiseret' } } as const;
/** A person may be changed between being found and being made anonymous. */
const TRIES = 3;

/** Takes persons out of what is known. */
@Injectable()
export class Anonymisation {
  constructor(private readonly store: ObjectStore) {}

  async one(ask: Ask, uuid: string, ifMatch: number | null, reason: Reason): Promise<Written> {
    mustBeTold(reason);
    const { note } = reason;
    return this.store.anonymise(ask, Person, uuid, ifMatch, { leaves: LEAVES, note });
  }

  /**
   * Everybody who has or has had the number, each in a transaction of their own: what is cut off is done when it is asked
   * again. @param answer of all of them, kept with the last. @throws Refusal 404 where there is nobody.
   */
  async all(
    ask: Ask,
    { cprNummer, note }: NumberAndReason,
    last: (uuids: readonly string[]) => Ask,
  ): Promise<Written> {
    mustBeTold({ note });
    const done: string[] = [];
    for (let tries = 1; ;) {
      const [person, ...more] = await this.store.everKnown(
        ask,
        Person,
        { facet: 'egenskaber', member: 'cprNummer' },
        cprNummer,
      );
      if (!person) throw notFound();
      const uuids = [...done, person.uuid];
      try {
        const asking = more.length === 0 ? last(uuids) : ask;
        const written = await this.one(asking, person.uuid, person.number, { note });
        if (more.length === 0) return written;
        done.push(person.uuid);
      } catch (cause) {
        const isOvertaken = cause instanceof Refusal && cause.status === 412;
        if (!isOvertaken || tries++ === TRIES) throw cause;
      }
    }
  }
}
