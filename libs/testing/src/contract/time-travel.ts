import { type Contract, jsonOf } from './contract';

interface Registration {
  readonly nummer: number;
  readonly fra: string;
  readonly til: string | null;
  readonly livscyklus: string;
}

/** Reads as of any point of both times, and the history (contract §3). */
export function timeTravel(contract: Contract): void {
  test('before it was known it is not there; what it was and will be is', async () => {
    const { uuid, object } = await contract.make();
    const change = await contract.change('2100-01-01T00:00:00Z');
    const changed = jsonOf(await contract.patch(uuid, 1, change));
    const read = (query: string) => contract.send('GET', `${contract.at(uuid)}?${query}`);
    const facets = async (query: string) => {
      const { attributter, tilstande, relationer } = jsonOf(await read(query));
      return { attributter, tilstande, relationer };
    };
    const [was, is] = [object, changed].map(({ attributter, tilstande, relationer }) => ({
      attributter,
      tilstande,
      relationer,
    }));
    expect((await read('registreringstid=2020-01-01T00:00:00Z')).status).toBe(404);
    expect(await facets(`virkning=alle&registreringstid=${object.registrering.fra}`)).toEqual(was);
    expect(await facets(`virkning=alle&registreringstid=${changed.registrering.fra}`)).toEqual(is);
    expect(await facets('virkning=alle')).toEqual(is);

    const [facet, [told]] = Object.entries(change.attributter!)[0]!;
    const held = async (query: string) => (await facets(query)).attributter[facet];
    const future = { ...told!, virkning: { fra: '2100-01-01T00:00:00Z', til: null } };
    expect(await held('')).toEqual([
      expect.objectContaining({ virkning: { fra: expect.anything() as unknown, til: future.virkning.fra } }),
    ]);
    expect(await held('virkningstid=2100-01-01T00:00:00Z')).toMatchObject([future]);
    expect(await held('virkningstid=2099-12-31T23:59:59.999999Z')).toHaveLength(1);
    expect(await held('virkningFra=2099-01-01T00:00:00Z&virkningTil=2101-01-01T00:00:00Z')).toHaveLength(2);
    expect(
      await held(`virkningstid=2100-01-01T00:00:00Z&registreringstid=${object.registrering.fra}`),
    ).toEqual(was!.attributter[facet]);
    expect(await held('virkningstid=1999-12-31T23:59:59Z')).toBeUndefined();
  });

  test('a search sees what a read sees, then as now', async () => {
    const { uuid, object } = await contract.make();
    await contract.patch(uuid, 1, await contract.change());
    const found = async (query: string) =>
      jsonOf<{ data: unknown[] }>(await contract.send('GET', `${contract.at()}?uuid=${uuid}&${query}`)).data;
    const read = async (query: string) => jsonOf(await contract.send('GET', `${contract.at(uuid)}?${query}`));
    for (const query of [
      'virkning=alle',
      'virkningstid=2031-01-01T00:00:00Z',
      `virkning=alle&registreringstid=${object.registrering.fra}`,
    ])
      expect(await found(query)).toEqual([await read(query)]);
    expect(await found('registreringstid=2020-01-01T00:00:00Z')).toEqual([]);
  });

  test('registreringer: the newest first, one ends where the next begins, in pages; and each as it stood', async () => {
    const { uuid, object } = await contract.make();
    await contract.patch(uuid, 1, await contract.change());
    const last = jsonOf(await contract.patch(uuid, 2, await contract.change('2035-01-01T00:00:00Z')));
    const page = async (query: string) =>
      jsonOf<{ data: Registration[]; naeste: string | null }>(
        await contract.send('GET', `${contract.at(uuid, 'registreringer')}?${query}`),
      );
    const { data } = await page('');
    expect(data.map(({ nummer, livscyklus }) => [nummer, livscyklus])).toEqual([
      [3, 'Rettet'],
      [2, 'Rettet'],
      [1, 'Opstaaet'],
    ]);
    expect(data.map(({ til }) => til)).toEqual([null, data[0]?.fra, data[1]?.fra]);
    const first = await page('limit=2');
    expect(first.data).toEqual(data.slice(0, 2));
    expect(await page(`limit=2&cursor=${encodeURIComponent(first.naeste!)}`)).toEqual({
      data: data.slice(2),
      naeste: null,
    });

    const registration = async (nummer: number) => {
      const answer = await contract.send('GET', contract.at(uuid, 'registreringer', `${nummer}`));
      expect(answer.headers['etag']).toBe(`"${nummer}"`);
      return jsonOf(answer);
    };
    expect(await registration(3)).toEqual(last);
    expect(await registration(1)).toEqual({
      ...object,
      registrering: { ...object.registrering, til: data[1]?.fra },
    });
    expect((await contract.send('GET', contract.at(uuid, 'registreringer', '4'))).status).toBe(404);
  });
}
