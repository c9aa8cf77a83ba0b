import { Injectable } from '@nestjs/common';
import { type Ask, ObjectStore, type Rule, type Written } from '@stoettesystemer/engine';
import { Adresse, Bruger, Person } from '@stoettesystemer/model';
import { type Declaration, notFound, Refusal } from '@stoettesystemer/object';
import { mustBeTold, type NumberAndReason, type Reason } from './reason-shape';
import { unused } from './unused.rule';

interface Anonymous {
  /** All that is said of somebody who is to be known no more. */
  readonly egenskaber: object;
  readonly rules?: readonly Rule[];
}

/** What somebody can be known by. */
const KNOWN_BY: ReadonlyMap<Declaration, Anonymous> = new Map<Declaration, Anonymous>([
  [Person, { egenskaber: { brugervendtNoegle: 'anonymiseret', navn: 'Anonymiseret' } }],
  [Bruger, { egenskaber: { brugervendtNoegle: 'anonymiseret', brugerNavn: 'anonymiseret' } }],
  [
    Adresse,
    {
      egenskaber: { brugervendtNoegle: 'anonymiseret', adresse: 'Anonymiseret' },
      // The address of a unit is nobody's alone.
      rules: [unused(Adresse, [Bruger])],
    },
  ],
]);
/** A person may be changed between being found and being made anonymous. */
const TRIES = 3;

/** Takes persons out of what is known, and by what else they are known. */
@Injectable()
export class Anonymisation {
  constructor(private readonly store: ObjectStore) {}

  /** @param type one of `KNOWN_BY` */
  async one(
    ask: Ask,
    type: Declaration,
    uuid: string,
    ifMatch: number | null,
    { note }: Reason,
  ): Promise<Written> {
    mustBeTold({ note });
    const { egenskaber, rules = [] } = KNOWN_BY.get(type)!;
    return this.store.anonymise(ask, type, uuid, ifMatch, { leaves: { egenskaber }, note, rules });
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
        const written = await this.one(asking, Person, person.uuid, person.number, { note });
        if (more.length === 0) return written;
        done.push(person.uuid);
      } catch (cause) {
        const isOvertaken = cause instanceof Refusal && cause.status === 412;
        if (!isOvertaken || tries++ === TRIES) throw cause;
      }
    }
  }
}
