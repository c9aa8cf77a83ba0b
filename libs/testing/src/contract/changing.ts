import { randomUUID } from 'node:crypto';
import type { Declaration, Field, Group, Section } from '@stoettesystemer/object';
import { type Item, SECTIONS, slotOf } from './body';
import { type Contract, jsonOf } from './contract';

const THEN = '2030-01-01T00:00:00Z';
const END = '2040-01-01T00:00:00Z';

/** What a Ret says of one slot, what then holds of it, and how it is ended. */
interface Revision {
  readonly says: Item;
  readonly holds: Item;
  readonly ends: Item;
}

const from = (fra: string) => ({ virkning: { fra } });
const bare = ({ virkning: _, ...members }: Item) => members;

/** A value unlike the old one: where the other body has the same, the one that is left of a few. */
const unlike = ({ kind, values = [] }: Field, old: unknown, other: unknown): unknown => {
  if (other !== old) return other;
  return kind === 'boolean' ? old !== true : (values.find((value) => value !== old) ?? other);
};

/** Whether an occurrence is told apart by its key and nothing else: a Ret of it changes nothing. */
const isKeyAlone = ({ key, fields }: Group): boolean =>
  Object.entries(fields).every(
    ([name, { kind, pattern }]) => name === key || (kind === 'text' && /^\w+$/.test(pattern ?? '?')),
  );

function revisionOf(type: Declaration, facet: string, old: Item, other: Item): Revision {
  const group = type.attributes[facet];
  if (group) {
    const optional = Object.keys(group.fields).filter((name) => !group.fields[name]?.required && name in old);
    // One member is not said and stays, one is cleared, the rest are told anew.
    const [kept = '', cleared = ''] = optional.length > 2 ? optional : [];
    const told = Object.fromEntries(
      optional
        .filter((name) => name !== kept)
        .map((name) => [name, name === cleared ? null : unlike(group.fields[name]!, old[name], other[name])]),
    );
    const isNew = isKeyAlone(group);
    const key = group.key === undefined || isNew ? {} : { [group.key]: old[group.key] };
    const needed = optional.length === 0 ? bare(other) : {};
    const { [cleared]: _, ...holds } = { ...bare(old), ...needed, ...told };
    return {
      says: { ...from(THEN), ...needed, ...key, ...told },
      holds: { ...from(THEN), ...holds, ...key },
      ends: {
        ...from(END),
        ...(group.key === undefined ? {} : { [group.key]: holds[group.key], ...key }),
        slut: true,
      },
    };
  }
  const state = type.states[facet];
  if (state) {
    const vaerdi = state.values.find((value) => value !== old['vaerdi']);
    const says = { ...from(THEN), vaerdi };
    return { says, holds: says, ends: { ...from(END), vaerdi: null } };
  }
  const relation = type.relations[facet]!;
  const place = Object.fromEntries(
    ['rolle', 'indeks'].flatMap((name) => (name in old ? [[name, old[name]]] : [])),
  );
  const says: Item = { ...old, ...from(THEN), reference: { uuid: randomUUID() } };
  const ends =
    relation.many && !relation.indexed
      ? { ...from(END), ...place, reference: says['reference'], slut: true }
      : { ...from(END), ...place, reference: null };
  return { says, holds: says, ends };
}

/** Ret (contract §4): every kind of facet is told anew from a day on, and ended on another. */
export function changing(contract: Contract): void {
  const { type } = contract;
  const facets = SECTIONS.flatMap((section) =>
    Object.keys(
      { attributter: type.attributes, tilstande: type.states, relationer: type.relations }[section],
    ).map((facet) => [section, facet] as const),
  ).filter(([, facet]) => !contract.bound.includes(facet) && !contract.without.includes(facet));

  const shown = async (uuid: string, section: Section, facet: string, query: string): Promise<Item[]> =>
    jsonOf(await contract.send('GET', `${contract.at(uuid)}?${query}`))[section][facet] ?? [];

  /** An occurrence by a key that none of those has. */
  const anotherOccurrence = async (facet: string, held: readonly Item[]): Promise<Item> => {
    const { key = '' } = type.attributes[facet]!;
    for (let round = 0; round < 30; round++) {
      const { attributter } = await contract.body();
      const found = attributter[facet]?.find((item) => held.every((each) => each[key] !== item[key]));
      if (found) return found;
    }
    throw new Error(`Every ${facet} that there can be is there already`);
  };

  /** An item that says something else: where there is little to choose from, two often say the same. */
  const anotherSaying = async (section: Section, facet: string, old: Item): Promise<Item> => {
    const key = type.attributes[facet]?.key;
    const said = ({ virkning: _, ...members }: Item) =>
      JSON.stringify(Object.entries(members).filter(([name]) => name !== key));
    let found = old;
    for (let round = 0; round < 30 && said(found) === said(old); round++)
      found = (await contract.body())[section][facet]![0]!;
    return found;
  };

  test.each(facets)(
    'ret %s.%s: what is said holds from then on, the rest stays, until it is ended',
    async (section, facet) => {
      const { uuid, body, object } = await contract.make();
      const old = body[section][facet]![0]!;
      const group = type.attributes[facet];
      const other = await (group && isKeyAlone(group)
        ? anotherOccurrence(facet, body[section][facet]!)
        : anotherSaying(section, facet, old));
      const { says, holds, ends } = revisionOf(type, facet, old, other);
      const slot = slotOf(type, facet, says);
      const ofSlot = (items: Item[]) => items.filter((item) => slotOf(type, facet, item) === slot);

      const changed = await contract.patch(uuid, 1, { [section]: { [facet]: [says] } });
      expect([changed.status, changed.headers['etag'], jsonOf(changed).registrering.livscyklus]).toEqual([
        200,
        '"2"',
        'Rettet',
      ]);
      const isNewSlot = slot !== slotOf(type, facet, old);
      expect(ofSlot(jsonOf(changed)[section][facet]!)).toMatchObject([
        ...(isNewSlot ? [] : [{ ...old, virkning: { fra: old.virkning.fra, til: THEN } }]),
        { ...holds, virkning: { fra: THEN, til: null } },
      ]);
      for (const name of Object.keys(ofSlot(jsonOf(changed)[section][facet]!).at(-1)!))
        if (name !== 'rolleRef') expect(holds).toHaveProperty(name);

      const ended = await contract.patch(uuid, 2, { [section]: { [facet]: [ends] } });
      expect([ended.status, ended.headers['etag']]).toEqual([200, '"3"']);
      expect(ofSlot(await shown(uuid, section, facet, 'virkning=alle')).at(-1)).toMatchObject({
        virkning: { fra: THEN, til: END },
      });
      expect(ofSlot(await shown(uuid, section, facet, `virkningstid=${END}`))).toEqual([]);
      expect(
        ofSlot(await shown(uuid, section, facet, `virkningstid=2039-12-31T23:59:59.999999Z`)),
      ).toHaveLength(1);
      // Nothing else of the object has been touched.
      const untouched = { ...jsonOf(ended), registrering: object.registrering };
      expect({ ...untouched, [section]: { ...untouched[section], [facet]: object[section][facet] } }).toEqual(
        object,
      );
    },
  );

  const relations = Object.keys(type.relations).filter((facet) => !contract.bound.includes(facet));
  if (relations.length > 0)
    test('erstat: each relation that is named is replaced as a whole', async () => {
      const { uuid, object } = await contract.make();
      const { relationer } = await contract.body();
      const facet = relations[0]!;
      const answer = await contract.patch(uuid, 1, {
        erstat: true,
        relationer: { [facet]: relationer[facet] },
      });
      expect(answer.status).toBe(200);
      const changed = jsonOf(answer).relationer;
      expect(changed[facet]).toHaveLength(relationer[facet]!.length);
      expect(changed[facet]).toMatchObject(
        expect.arrayContaining(
          relationer[facet]!.map((item) => expect.objectContaining(item) as unknown),
        ) as object,
      );
      expect({ ...changed, [facet]: null }).toEqual({ ...object.relationer, [facet]: null });
    });
}
