import { randomUUID } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { AsOf, ObjectInput } from './ask';
import type { Query } from './query';
import { at, SEED } from './spec/arbitrary-ting';
import { order, sortable } from './spec/naive-order';
import { seen } from './spec/naive-search';
import { caller, Population } from './spec/population';
import { anyone, asking, COMMON, NOW, OTHER, OWN } from './spec/test-store';

let people: Population;
beforeAll(async () => {
  people = await Population.make();
}, 60_000);
afterAll(async () => people.db.drop());

describe('pages', () => {
  async function walk(
    parts: Partial<Query>,
    when: AsOf,
    meanwhile?: () => Promise<unknown>,
  ): Promise<string[]> {
    const all: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof people.find>> = await people.find({ ...parts, cursor }, when);
      all.push(...page.uuids);
      expect(page.uuids.length).toBeLessThanOrEqual(parts.limit ?? 500);
      cursor = page.naeste;
      await meanwhile?.();
    } while (cursor !== null);
    return all;
  }

  it('hold every object once, in order, whatever the order and the size of the page', async () => {
    const sorter = fc
      .uniqueArray(fc.tuple(fc.constantFrom('', '-'), fc.constantFrom(...sortable)), {
        maxLength: 3,
        selector: ([, name]) => name,
      })
      .map((list) => list.map(([turn, name]) => turn + name));
    await fc.assert(
      fc.asyncProperty(sorter, fc.constantFrom(1, 2, 7, 50, 500), people.time, async (names, limit, when) => {
        const all = await walk({ sorter: names, limit: Math.max(limit, names.length === 0 ? 1 : 7) }, when);
        const bodies = new Map(people.visible(when).map((body) => [body.uuid, body]));
        expect([...all].sort()).toEqual([...bodies.keys()].sort());
        for (let n = 1; n < all.length; n++) {
          const [a, b] = [bodies.get(all[n - 1]!)!, bodies.get(all[n]!)!];
          const first =
            names
              .map((name) => order(a, b, name, (uuid) => people.bornAt(uuid)))
              .find((each) => each !== 0) ?? (a.uuid < b.uuid ? -1 : 1);
          expect(first).toBeLessThan(0);
        }
      }),
      { numRuns: 60, ...SEED },
    );
  }, 60_000);

  it('lose and repeat nothing that stands still while others write', async () => {
    const still = people.visible(NOW).map(({ uuid: id }) => id);
    const made: string[] = [];
    const meanwhile = async () => {
      const one = { virkning: { fra: at(2000) }, brugervendtNoegle: 'ny', titel: 'ab' };
      const { uuid: id } = await people.db.store.create(asking(caller), Ting, {
        attributter: { egenskaber: [one] },
      });
      if (made.push(id) > 3) await people.db.store.remove(asking(caller), Ting, made.shift()!, 1);
    };
    for (const sorter of [[], ['titel'], ['-registreringFra'], ['-beloeb', 'titel']]) {
      const all = await walk({ sorter, limit: 7 }, NOW, meanwhile);
      expect(new Set(all).size).toBe(all.length);
      expect(still.filter((id) => !all.includes(id))).toEqual([]);
    }
  }, 60_000);

  it('stand where the first one stood in time', async () => {
    const virkning = { fra: new Date(Date.now() + 400).toISOString() };
    const { uuid: id } = await people.db.store.create(asking(caller), Ting, {
      attributter: { egenskaber: [{ virkning, brugervendtNoegle: 'om lidt' }] },
    });
    const once = {
      eller: [
        {
          og: [
            { felt: 'uuid', lig: id },
            { felt: 'brugervendtNoegle', lig: 'om lidt' },
          ],
        },
        { felt: 'titel', findes: true },
      ],
    };
    const first = await people.find({ udtryk: once, limit: 1, sorter: ['uuid'] });
    await new Promise((resolve) => setTimeout(resolve, 500));
    let { naeste, uuids } = first;
    while (naeste !== null) {
      const next = await people.find({ udtryk: once, limit: 50, sorter: ['uuid'], cursor: naeste });
      uuids = [...uuids, ...next.uuids];
      naeste = next.naeste;
    }
    expect(uuids).not.toContain(id);
    expect((await people.find({ udtryk: once })).uuids).toContain(id);
  });

  it("are not read with a cursor that is altered, or another query's, time's or caller's, or outlived", async () => {
    const parts: Partial<Query> = {
      limit: 5,
      sorter: ['titel'],
      udtryk: { felt: 'brugervendtNoegle', findes: true },
    };
    const { naeste } = await people.find(parts);
    const cursor = naeste!;
    const refused = { status: 400, kode: 'cursor' };
    await expect(people.find({ ...parts, cursor })).resolves.toBeDefined();
    await expect(people.find({ ...parts, limit: 50, cursor })).resolves.toBeDefined();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let n = 0; n < cursor.length; n++)
      for (const bit of [1, 32]) {
        const other = alphabet[alphabet.indexOf(cursor[n]!) ^ bit]!;
        await expect(
          people.find({ ...parts, cursor: cursor.slice(0, n) + other + cursor.slice(n + 1) }),
        ).rejects.toMatchObject(refused);
      }
    for (const wrong of [
      '',
      '.',
      'æ',
      `${cursor}=`,
      ` ${cursor}`,
      `${cursor}A`,
      cursor.slice(0, -4),
      'A'.repeat(5_000),
    ])
      await expect(people.find({ ...parts, cursor: wrong })).rejects.toMatchObject(refused);
    await expect(people.find({ ...parts, sorter: ['-titel'], cursor })).rejects.toMatchObject(refused);
    await expect(people.find({ ...parts, udtryk: null, cursor })).rejects.toMatchObject(refused);
    await expect(people.find({ ...parts, vis: null, cursor })).rejects.toMatchObject(refused);
    await expect(people.find({ ...parts, cursor }, { ...NOW, virkning: 'alle' })).rejects.toMatchObject(
      refused,
    );
    await expect(
      people.find({ ...parts, cursor }, { ...NOW, registrering: { at: people.recorded(1) } }),
    ).rejects.toMatchObject(refused);
    await expect(people.find({ ...parts, cursor }, NOW, anyone())).rejects.toMatchObject(refused);
    await expect(people.find({ ...parts, cursor }, NOW, { ...caller, owner: OTHER })).rejects.toMatchObject(
      refused,
    );
    const user: Caller = { ...caller, groups: [...caller.groups, { ...caller.groups[0]!, kind: 'user' }] };
    const [one, other] = [randomUUID(), randomUUID()].map((subject) => ({ ...user, subject }));
    const theirs = (await people.find(parts, NOW, one)).naeste;
    await expect(people.find({ ...parts, cursor: theirs }, NOW, one)).resolves.toBeDefined();
    await expect(people.find({ ...parts, cursor: theirs }, NOW, other)).rejects.toMatchObject(refused);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 25 * 60 * 60 * 1000);
    await expect(people.find({ ...parts, cursor })).rejects.toMatchObject(refused);
    clock.mockRestore();
  });

  it('have cursors that tell nothing of what they point at', async () => {
    const { naeste } = await people.find({ limit: 5, sorter: ['titel', 'naboer'] });
    const text = Buffer.from(naeste!, 'base64url').toString('latin1');
    const page = await people.find({ limit: 5, sorter: ['titel', 'naboer'] });
    expect(text).not.toContain(page.uuids.at(-1));
  });
});

describe('a search of common and own objects', () => {
  it("finds own and common ones, never another municipality's, and counts no other", async () => {
    for (const [owner, sees] of [
      [OWN, [OWN, COMMON]],
      [OTHER, [OTHER, COMMON]],
      [COMMON, [COMMON]],
    ] as const) {
      const found = await people.find({ antal: true }, NOW, anyone(owner));
      const expected = people.known
        .filter((each) => sees.includes(each.owner as never) && seen(each, NOW))
        .map(({ uuid: id }) => id);
      expect(expected.length).toBeGreaterThan(5);
      expect(expected.filter((id) => !found.uuids.includes(id))).toEqual([]);
      const strangers = people.known
        .filter((each) => !sees.includes(each.owner as never))
        .map(({ uuid: id }) => id);
      expect(found.uuids.filter((id) => strangers.includes(id))).toEqual([]);
      expect(found.antal).toBe(found.uuids.length);
    }
  });

  it('loses neither of an own and a common object that have one UUID', async () => {
    const id = randomUUID();
    const body: ObjectInput = {
      attributter: { egenskaber: [{ virkning: { fra: at(2000) }, brugervendtNoegle: 'tvilling' }] },
    };
    await people.db.store.put(asking(caller), Ting, id, body, null);
    await people.db.store.put(asking(anyone(COMMON)), Ting, id, body, null);
    const parts: Partial<Query> = { udtryk: { felt: 'brugervendtNoegle', lig: 'tvilling' }, limit: 1 };
    const first = await people.find(parts);
    const second = await people.find({ ...parts, cursor: first.naeste });
    expect([...first.uuids, ...second.uuids]).toEqual([id, id]);
    expect(second.naeste).toBeNull();
  });
});
