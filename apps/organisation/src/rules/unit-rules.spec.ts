import { randomUUID } from 'node:crypto';
import { day, inactive, Municipality, organisation, outcomeOf, to, unit, years } from './spec/municipality';

let at: Municipality;
beforeAll(async () => {
  at = await Municipality.open();
});
afterAll(() => at.service.close());

const posted = (body: ReturnType<typeof unit>) =>
  ({ method: 'POST', path: 'organisationenheder', body }) as const;
const changed = (uuid: string, relationer: Record<string, ReturnType<typeof to>>) =>
  ({ method: 'PATCH', path: `organisationenheder/${uuid}`, body: { relationer } }) as const;

describe('rule 1: the tree', () => {
  test('an active unit belongs to an organisation all the time', async () => {
    const { organisation: of, root } = await at.town();
    await at.breaks('regel_1_organisation', posted(unit({ overordnet: to(root, years(2000, 2001)) })));
    const late = unit({ tilhoerer: to(of, years(2001)), overordnet: to(root) });
    expect(outcomeOf(await at.send(posted(late)))[1]).toMatch(/^regel_1/);
    await at.keeps(posted(unit({ tilhoerer: to(of), overordnet: to(root) })));
    // What is not active belongs where it will.
    const rests = { ...unit(), tilstande: { gyldighed: [{ virkning: years(2000), vaerdi: 'Inaktiv' }] } };
    await at.keeps(posted(rests));
  });

  test('the unit above is there, in the same organisation', async () => {
    const [here, there] = [await at.town(), await at.town()];
    const of = to(here.organisation);
    await at.breaks('regel_1_overordnet', posted(unit({ tilhoerer: of, overordnet: to(there.root) })));
    await at.breaks('regel_1_overordnet', posted(unit({ tilhoerer: of, overordnet: to(randomUUID()) })));
    const below = await at.under(here.root, here.organisation);
    await at.breaks(
      'regel_1_overordnet',
      changed(below, { overordnet: to(there.root, years(2030, 2031)) }),
      day(2030),
    );
    const lower = await at.under(below, here.organisation);
    expect(lower).toEqual(expect.any(String));
  });

  test('a unit that moves to another organisation leaves nobody behind', async () => {
    const [here, there] = [await at.town(), await at.town()];
    const team = await at.under(here.root, here.organisation);
    await at.under(team, here.organisation);
    const away = changed(team, {
      tilhoerer: to(there.organisation, years(2030)),
      overordnet: to(there.root, years(2030)),
    });
    await at.breaks('regel_1_overordnet', away, day(2030));
    const leaf = await at.under(here.root, here.organisation);
    await at.keeps({ ...away, path: `organisationenheder/${leaf}` });
  });

  test('an organisation has one root at a time', async () => {
    const { organisation: of } = await at.town();
    await at.breaks('regel_1_rod', posted(unit({ tilhoerer: to(of) })));

    const made = await at.made('organisationer', organisation());
    const [old, young] = [years(2000, 2020), years(2020)];
    await at.keeps(posted(unit({ tilhoerer: to(made, old) }, old)));
    const early = { fra: '2019-12-31T23:59:59.999999Z', til: null };
    await at.breaks(
      'regel_1_rod',
      posted(unit({ tilhoerer: to(made, early) }, early)),
      '2019-12-31T23:59:59.999999Z',
    );
    const another = await at.made('organisationer', organisation());
    await at.keeps(posted(unit({ tilhoerer: to(another, old) }, old)));
    await at.keeps(posted(unit({ tilhoerer: to(another, young) }, young)));
  });

  test('a unit becomes a second root by losing the one above it, for however short a time', async () => {
    const { organisation: of, root } = await at.town();
    const team = await at.under(root, of);
    const loose = { overordnet: [{ virkning: years(2030, 2031), reference: null }] };
    const request = {
      method: 'PATCH',
      path: `organisationenheder/${team}`,
      body: { relationer: loose },
    } as const;
    await at.breaks('regel_1_rod', request as never, day(2030, 12));
  });

  test('two roots at once: one is', async () => {
    for (let round = 0; round < 4; round++) {
      const made = await at.made('organisationer', organisation());
      const both = await Promise.all([1, 2].map(() => at.send(posted(unit({ tilhoerer: to(made) })))));
      expect(both.map(outcomeOf).sort()).toEqual([[201], [422, 'regel_1_rod']]);
    }
  });

  test('an organisation points at its root, or not yet at any', async () => {
    const { organisation: of, root } = await at.town();
    const team = await at.under(root, of);
    const points = (uuid: string, virkning = years(2000)) =>
      ({
        method: 'PATCH',
        path: `organisationer/${of}`,
        body: { relationer: { overordnet: to(uuid, virkning) } },
      }) as const;
    await at.keeps(points(root));
    await at.breaks('regel_1_oeverste', points(team, years(2030, 2031)), day(2030));
    // One that is yet to come is held to it when it comes.
    const [coming, second] = [randomUUID(), await at.made('organisationer', organisation())];
    await at.keeps({ ...points(coming), path: `organisationer/${second}` });
    const arriving = (relationer: Record<string, ReturnType<typeof to>>) =>
      ({ method: 'PUT', path: `organisationenheder/${coming}`, body: unit(relationer) }) as const;
    const elsewhere = arriving({ tilhoerer: to(of), overordnet: to(root) });
    expect(outcomeOf(await at.send(elsewhere))).toEqual([422, 'regel_1_oeverste']);
    await at.keeps(arriving({ tilhoerer: to(second) }));
  });

  test('what an organisation points at stays its root', async () => {
    const [here, there] = [await at.town(), await at.town()];
    const pointing = { overordnet: to(here.root) };
    await at.keeps({
      method: 'PATCH',
      path: `organisationer/${here.organisation}`,
      body: { relationer: pointing },
    });
    const away = changed(here.root, {
      tilhoerer: to(there.organisation, years(2030)),
      overordnet: to(there.root, years(2030)),
    });
    await at.breaks('regel_1_oeverste', away, day(2030));
  });

  test('T: no ring, at any time, for anybody', async () => {
    const { organisation: of, root } = await at.town();
    const middle = await at.under(root, of);
    const leaf = await at.under(middle, of);
    for (const isStrict of [true, false])
      for (const [unit, over, virkning] of [
        [root, root, years(2000)],
        [root, leaf, years(2000)],
        [middle, leaf, years(2030, 2031)],
        [middle, middle, years(2030)],
      ] as const)
        expect(outcomeOf(await at.send(changed(unit, { overordnet: to(over, virkning) }), isStrict))).toEqual(
          [422, 'regel_1_kreds'],
        );
    // Where the way up is broken before the ring closes, there is none.
    await at.keeps(changed(leaf, { overordnet: to(root, years(2030)) }));
    await at.keeps(changed(middle, { overordnet: to(leaf, years(2030)) }));
    expect(outcomeOf(await at.send(changed(leaf, { overordnet: to(middle, years(2029)) })))).toEqual([
      422,
      'regel_1_kreds',
    ]);
  });

  test('nor by a unit that others were put under before it came', async () => {
    const { organisation: of } = await at.town();
    const coming = randomUUID();
    const child = await at.made(
      'organisationenheder',
      unit({ tilhoerer: to(of), overordnet: to(coming) }),
      false,
    );
    const request = {
      method: 'PUT',
      path: `organisationenheder/${coming}`,
      body: unit({ tilhoerer: to(of), overordnet: to(child) }),
    } as const;
    for (const isStrict of [true, false])
      expect(outcomeOf(await at.send(request, isStrict))).toEqual([422, 'regel_1_kreds']);
  });

  test('two that are put under each other at once: one is, in either mode', async () => {
    for (const isStrict of [true, false]) {
      const { organisation: of, root } = await at.town();
      const [one, two] = [await at.under(root, of), await at.under(root, of)];
      const outcomes = await Promise.all(
        [
          [one, two],
          [two, one],
        ].map(([unit, over]) => at.send(changed(unit!, { overordnet: to(over!, years(2030)) }), isStrict)),
      );
      expect(outcomes.map(outcomeOf).sort()).toEqual([[200], [422, 'regel_1_kreds']]);
    }
  });
});

describe('rule 7: how a unit ends', () => {
  test('by becoming inactive when nothing active points at it', async () => {
    const { organisation: of, root } = await at.town();
    const team = await at.under(root, of);
    const below = await at.under(team, of);
    const end = (uuid: string, from: number) =>
      ({ method: 'PATCH', path: `organisationenheder/${uuid}`, body: inactive(years(from)) }) as const;
    expect(outcomeOf(await at.send(end(team, 2030)))).toEqual([422, 'regel_7_ophoert']);
    await at.keeps(changed(below, { overordnet: to(root, years(2030)) }));
    expect(outcomeOf(await at.send(end(team, 2029)))).toEqual([422, 'regel_7_ophoert']);
    await at.keeps(end(team, 2030));
    // It is still there before, and not after.
    await at.breaks(
      'regel_7_ophoert',
      changed(below, { overordnet: to(team, years(2030, 2031)) }),
      day(2030),
    );
    await at.keeps(changed(below, { overordnet: to(team, years(2010, 2030)) }));
  });

  test('what is inactive may still point at it', async () => {
    const { organisation: of, root } = await at.town();
    const team = await at.under(root, of);
    const below = await at.under(team, of);
    for (const uuid of [below, team])
      await at.keeps({ method: 'PATCH', path: `organisationenheder/${uuid}`, body: inactive(years(2030)) });
    await at.breaks(
      'regel_7_ophoert',
      {
        method: 'PATCH',
        path: `organisationenheder/${below}`,
        body: { tilstande: { gyldighed: [{ virkning: years(2031), vaerdi: 'Aktiv' }] } },
      },
      day(2031),
    );
  });

  test('it is not made passive or deleted while something points at it', async () => {
    const { organisation: of, root } = await at.town();
    const team = await at.under(root, of);
    const below = await at.under(team, of);
    const requests = [
      { method: 'DELETE', path: `organisationenheder/${team}` },
      { method: 'POST', path: `organisationenheder/${team}/passiver` },
    ] as const;
    for (const request of requests)
      expect(outcomeOf(await at.send(request))).toEqual([422, 'regel_7_ophoert']);
    await at.breaks('regel_7_ophoert', requests[0]);
    expect(outcomeOf(await at.send(posted(unit({ tilhoerer: to(of), overordnet: to(team) }))))).toEqual([
      422,
      'regel_1_overordnet',
    ]);
    await at.keeps({ method: 'DELETE', path: `organisationenheder/${below}` });
  });

  test('ended while another is put under it: never both', async () => {
    for (let round = 0; round < 4; round++) {
      const { organisation: of, root } = await at.town();
      const team = await at.under(root, of);
      const [ended, made] = await Promise.all([
        at.send({ method: 'PATCH', path: `organisationenheder/${team}`, body: inactive(years(2000)) }),
        at.send(posted(unit({ tilhoerer: to(of), overordnet: to(team) }))),
      ]);
      expect([
        [200, 422],
        [422, 201],
      ]).toContainEqual([ended.status, made.status]);
    }
  });
});
