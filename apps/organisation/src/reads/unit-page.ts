import { Injectable } from '@nestjs/common';
import { type AsOf, type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Adresse, FUNCTION_TYPES, OrganisationItSystem } from '@stoettesystemer/model';
import type { SeenFunction } from '../directory/directory-view';
import { spanAround } from '../directory/timed';
import type { Member } from '../tree/organisation-tree';
import { plainly, textOf } from './named';
import type { Overview } from './overviews';
import { written } from './page';
import type { NamedUser, People } from './people';
import { namedUnit } from './unit-name';

/** Who leads the unit: its own leaders, or those of the nearest unit over it that has one. */
export function leadership(
  overview: Overview,
  uuid: string,
): { readonly unit: string; readonly leaders: readonly Member[] } | null {
  for (const unit of overview.view.chain(uuid)) {
    const leaders = overview.view
      .membersOf(unit)
      .filter(({ funktionstype, bruger }) => funktionstype === FUNCTION_TYPES.lederrolle && bruger !== null);
    if (leaders.length > 0) return { unit, leaders };
  }
  return null;
}

const order = ({ funktionstype, titel, funktion, bruger }: Member): string =>
  [funktionstype === FUNCTION_TYPES.lederrolle ? 0 : 1, titel ?? '', funktion, bruger ?? ''].join('\n');

/** Leaders first, then by title. */
export const membersInOrder = ({ view }: Overview, unit: string): Member[] => {
  const keyed = view.membersOf(unit).map((member) => ({ member, key: order(member) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ member }) => member);
};

/** How a member is shown: with the period in which they have this post in this unit. */
export function shownMember(
  { view, moment }: Overview,
  unit: string,
  { named }: People,
): (member: Member) => object {
  return ({ funktion, funktionstype, titel, bruger }) => {
    const states = view.function(funktion)?.[0].states ?? [];
    const span = spanAround(
      states,
      Number(moment),
      ({ units, users }) => units.includes(unit) && (bruger === null || users.includes(bruger)),
    );
    const user: NamedUser | null = bruger === null ? null : named(bruger);
    return {
      funktion,
      funktionstype,
      titel,
      fra: span && written(span.from),
      til: span && written(span.to),
      bruger: user,
    };
  };
}

/** What a unit has beside its people: addresses, contact points, who pays, systems. */
@Injectable()
export class UnitSurroundings {
  constructor(private readonly store: ObjectStore) {}

  async of(ask: Ask, overview: Overview, uuid: string, at: AsOf) {
    const { view } = overview;
    const unit = view.unit(uuid)!;
    const own = view.functionsIn(uuid);
    const used = unit.functions.flatMap((each) => {
      const found = view.function(each);
      return found ? [found] : [];
    });
    const ofType = (type: string) =>
      [...new Map([...own, ...used].map((each) => [each[0].uuid, each])).values()].filter(
        ([, state]) => state.type === type,
      );
    const shown = ([{ uuid: funktion }, { title, units }]: SeenFunction) => ({
      funktion,
      navn: title,
      enhed: units[0] === undefined ? null : namedUnit(view, units[0]),
    });
    const uses = ofType(FUNCTION_TYPES.systemrolle).flatMap(([{ uuid: funktion }, { systems }]) =>
      systems.map((system) => ({ system, funktion })),
    );
    const systems = [...unit.systems.map((system) => ({ system, funktion: null })), ...uses];
    const [places, itSystemer] = await Promise.all([
      plainly(
        this.store,
        ask,
        Adresse,
        unit.addresses.map(({ adresse }) => adresse),
        at,
      ),
      plainly(
        this.store,
        ask,
        OrganisationItSystem,
        systems.map(({ system }) => system),
        at,
      ),
    ]);
    return {
      adresser: unit.addresses.map((use) => ({ ...use, tekst: textOf(places.get(use.adresse), 'adresse') })),
      opgaver: unit.tasks,
      henvendelsessteder: ofType(FUNCTION_TYPES.henvendelsessted).map((each) => ({
        ...shown(each),
        opgaver: each[1].tasks,
      })),
      udbetalendeEnheder: ofType(FUNCTION_TYPES.udbetalendeEnhed).map(shown),
      itSystemer: systems.map(({ system, funktion }) => ({
        uuid: system,
        navn: textOf(itSystemer.get(system), 'itSystemNavn'),
        funktion,
      })),
    };
  }
}
