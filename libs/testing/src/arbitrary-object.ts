import type { Declaration, Field, Relation } from '@stoettesystemer/object';
import fc from 'fast-check';

type Json = Record<string, unknown>;

const pad = (n: number, size = 2): string => String(n).padStart(size, '0');
const day = fc
  .record({
    year: fc.integer({ min: 1900, max: 2100 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
  })
  .map(({ year, month, day: date }) => `${pad(year, 4)}-${pad(month)}-${pad(date)}`);
const uuid = fc.uuid({ version: 4 });
const urn = fc.stringMatching(/^[a-z0-9]{1,12}$/).map((tail) => `urn:oio:proeve:${tail}`);
/** Danish letters, an emoji, quotes, markup and SQL's own signs: what texts really hold and what breaks careless code. */
const letter = fc.constantFrom(...'abcÆØÅæøåé09 -_%\\\'"<>&;😀'.match(/./gu)!);

const line = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .array(letter, { minLength: Math.max(1, min), maxLength: Math.min(max, 30) })
    .map((letters) => letters.join('').trim())
    .filter((text) => [...text].length >= Math.max(1, min));

function valueOf(field: Field): fc.Arbitrary<unknown> {
  const { min = 0, max = 100 } = field;
  switch (field.kind) {
    case 'text':
      return field.pattern
        ? fc.stringMatching(new RegExp(`^(?:${field.pattern})$`))
        : field.html
          ? fc.constant('<p>Tekst med <b>vægt</b></p>')
          : line(min, max);
    case 'texts':
      return fc.uniqueArray(
        field.pattern ? fc.stringMatching(new RegExp(`^(?:${field.pattern})$`)) : line(1, max),
        { minLength: 1, maxLength: 3 },
      );
    case 'integer':
      return fc.integer({ min: field.min ?? -1000, max: field.max ?? 1000 });
    case 'number':
      return fc.integer({ min: field.min ?? -1000, max: field.max ?? 1000 });
    case 'decimal':
      return fc
        .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(99))
        .map(([whole, cents]) => `${whole}.${pad(cents)}`);
    case 'date':
      return day;
    case 'instant':
      return day.map((date) => `${date}T12:30:00.000001Z`);
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...(field.values ?? []));
    case 'urn':
      return urn;
    case 'uuid':
      return uuid;
    case 'json':
      return fc.constantFrom(...(field.examples ?? []));
    case 'reference':
      return fc.oneof(
        uuid.map((id) => ({ uuid: id })),
        urn.map((name) => ({ urn: name })),
      );
  }
}

const members = (fields: Readonly<Record<string, Field>>): fc.Arbitrary<Json> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueOf(field)])), {
    requiredKeys: Object.entries(fields).flatMap(([name, { required }]) => (required ? [name] : [])),
  });

/** From then on, for ever, so that whatever is made can be read today. */
const always = { virkning: { fra: '2000-01-01T00:00:00Z', til: null } };

const relationItem = (relation: Relation): fc.Arbitrary<Json> =>
  fc
    .record({
      reference: uuid.map((id) => ({ uuid: id })),
      ...(relation.roles ? { rolle: fc.constantFrom(...Object.keys(relation.roles)) } : {}),
      ...(relation.typed ? { type: fc.constantFrom(...relation.targets) } : {}),
      rest: members(relation.fields ?? {}),
    })
    .map(({ rest, ...item }) => ({ ...always, ...item, ...rest }));

const many = (item: fc.Arbitrary<Json>, key: (item: Json) => string): fc.Arbitrary<Json[]> =>
  fc.uniqueArray(item, { maxLength: 3, selector: key });

/** Bodies that a type accepts: every required facet, others now and then, one open period for each. */
export function arbitraryObject(type: Declaration): fc.Arbitrary<Json> {
  const attributter = Object.entries(type.attributes).map(([name, group]) => {
    const item = members(group.fields).map((given): Json => ({ ...always, ...given }));
    const { key } = group;
    const list =
      key === undefined
        ? item.map((each) => [each])
        : many(item, (each) => String(each[key]).normalize('NFC'));
    return [name, list, group.required === true] as const;
  });
  const tilstande = Object.entries(type.states).map(
    ([name, { values, required }]) =>
      [
        name,
        fc.constantFrom(...values).map((vaerdi): Json[] => [{ ...always, vaerdi }]),
        required === true,
      ] as const,
  );
  const relationer = Object.entries(type.relations).map(([name, relation]) => {
    const item = relationItem(relation);
    const list = !relation.many
      ? item.map((each) => [each])
      : many(item, (each) =>
          relation.indexed ? String(each['rolle']) : JSON.stringify(each['reference']),
        ).map((items) =>
          relation.indexed ? items.map((each, at) => ({ ...each, indeks: String(at + 1) })) : items,
        );
    return [name, list, relation.required === true] as const;
  });
  const section = (
    facets: readonly (readonly [string, fc.Arbitrary<Json[]>, boolean])[],
  ): fc.Arbitrary<Json> =>
    fc.record(Object.fromEntries(facets.map(([name, list]) => [name, list])), {
      requiredKeys: facets.flatMap(([name, , required]) => (required ? [name] : [])),
    });
  return fc.record({
    attributter: section(attributter),
    tilstande: section(tilstande),
    relationer: section(relationer),
  });
}
