import type { FacetItem, FacetItems, ObjectInput } from '@stoettesystemer/engine';
import fc from 'fast-check';
import { changeTo, dtoOf, facetsFrom, type RoleDto } from './role-dto';

const ROLES = ['a', 'b', 'c'].map((letter) => `${letter.repeat(8)}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`);
const TYPES = ['urn:x:kle', 'urn:x:niveau'];

const value = (type: string) =>
  fc.oneof(
    fc.subarray(['ja', 'nej', 'måske'], { minLength: 1 }).map((values) => ({
      vaerdi: values.join(','),
      dynamisk: false,
      dataafgraensningstypeEntityId: type,
    })),
    fc.constantFrom('', 'navn').map((vaerdi) => ({
      vaerdi,
      dynamisk: true,
      dataafgraensningstypeEntityId: type,
    })),
  );
const userRole = fc
  .tuple(fc.constantFrom(...ROLES), fc.subarray(TYPES))
  .chain(([brugersystemrolleUuid, types]) =>
    fc
      .tuple(...types.map(value))
      .map((dataafgraensningsVaerdier) => ({ brugersystemrolleUuid, dataafgraensningsVaerdier })),
  );
const role: fc.Arbitrary<RoleDto> = fc.record({
  navn: fc.constantFrom('Leder', 'Sagsbehandler'),
  entityId: fc.constantFrom('urn:x:1', 'urn:x:2'),
  beskrivelse: fc.constantFrom('', 'Ser alt'),
  brugersystemrolleDataafgraensninger: fc.array(userRole, { maxLength: 4 }),
});

/** What the tool said, without what only the server says, and in no order of roles. */
const bare = ({ navn, entityId, beskrivelse, brugersystemrolleDataafgraensninger: roles }: RoleDto) => ({
  navn,
  entityId,
  beskrivelse,
  roles: roles
    .map(({ brugersystemrolleUuid, dataafgraensningsVaerdier }) =>
      JSON.stringify([
        brugersystemrolleUuid,
        (dataafgraensningsVaerdier ?? [])
          .map(({ vaerdi, dynamisk, dataafgraensningstypeEntityId }) =>
            JSON.stringify([dataafgraensningstypeEntityId, dynamisk, vaerdi]),
          )
          .sort(),
      ]),
    )
    .sort(),
});
const told = (facets: FacetItems) =>
  bare(dtoOf({ uuid: 'u', owner: '12345678', number: 1, facets }, () => '', []));

/** A Ret of what holds now, naively: members that are said, null for none, and slut for the end of one. */
function changed(present: FacetItems, { attributter = {} }: ObjectInput): FacetItems {
  const result: Record<string, FacetItem[]> = {};
  for (const facet of new Set([...Object.keys(present), ...Object.keys(attributter)])) {
    const items = new Map((present[facet] ?? []).map((item) => [item['id'], item]));
    for (const said of (attributter[facet] ?? []) as FacetItem[]) {
      if (said['slut'] === true) items.delete(said['id']);
      else {
        const all = Object.entries({ ...items.get(said['id']), ...said });
        items.set(said['id'], Object.fromEntries(all.filter(([, each]) => each !== null)) as FacetItem);
      }
    }
    result[facet] = [...items.values()];
  }
  return result;
}

test('whatever a role was, it becomes what the tool says, by no more than what differs', () => {
  fc.assert(
    fc.property(role, role, (former, next) => {
      const present = facetsFrom(former, {});
      expect(told(present)).toEqual(bare(former));
      const wanted = facetsFrom(next, present);
      expect(told(wanted)).toEqual(bare(next));
      expect(told(changed(present, changeTo(wanted, present, 0n)))).toEqual(bare(next));
      expect(changeTo(facetsFrom(next, wanted), wanted, 0n)).toEqual({});
    }),
    { numRuns: 300 },
  );
});
