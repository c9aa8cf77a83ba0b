import { Injectable } from '@nestjs/common';
import { type AsOf, type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Bruger, Person } from '@stoettesystemer/model';
import { plainly, targetsOf, textOf } from './named';

/** A user as lists show one. What the caller may not see of them is null. */
export interface NamedUser {
  readonly uuid: string;
  readonly brugerNavn: string | null;
  readonly person: string | null;
  readonly navn: string | null;
}

export interface Warning {
  readonly sti: string;
  readonly kode: string;
  readonly besked: string;
}

export interface People {
  named(user: string): NamedUser;
  /** That names are withheld, where any is. */
  readonly advarsler: readonly Warning[];
}

/** Who users are. */
@Injectable()
export class PeopleReader {
  constructor(private readonly store: ObjectStore) {}

  /** @param sti where in the answer their names stand. */
  async of(ask: Ask, uuids: Iterable<string>, at: AsOf, sti: string): Promise<People> {
    const users = await plainly(this.store, ask, Bruger, uuids, at);
    const persons = await plainly(
      this.store,
      ask,
      Person,
      [...users.values()].flatMap((user) => targetsOf(user, 'tilknyttedePersoner')),
      at,
    );
    const withheld = [...persons.values()]
      .flatMap(({ advarsler = [] }) => advarsler)
      .find((each) => each.sti.endsWith('/navn'));
    return {
      named: (uuid) => {
        const user = users.get(uuid);
        const [person = null] = targetsOf(user, 'tilknyttedePersoner');
        return {
          uuid,
          brugerNavn: textOf(user, 'brugerNavn'),
          person,
          navn: person === null ? null : textOf(persons.get(person), 'navn'),
        };
      },
      advarsler: withheld ? [{ sti, kode: 'skjult', besked: withheld.besked }] : [],
    };
  }
}
