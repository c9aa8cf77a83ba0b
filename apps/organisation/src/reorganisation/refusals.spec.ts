import { randomUUID } from 'node:crypto';
import { formatInstant, now } from '@stoettesystemer/object';
import type { Answer, RunningService } from '@stoettesystemer/testing';
import { runningOrganisation } from '../spec/running-organisation';
import { FROM, jsonOf, to, Town } from './spec/town';

const DAY = '2099-01-01T00:00:00Z';
let service: RunningService;
let town: Town;
let root: string, left: string, right: string, clerk: string;

beforeAll(async () => {
  service = await runningOrganisation();
});
afterAll(() => service.close());
beforeEach(async () => {
  town = new Town(service);
  [root, left, right, clerk] = [0, 1, 2, 3].map(() => randomUUID()) as [string, string, string, string];
  await town.settle(root, [
    town.unit(root, null),
    town.unit(left, root, { kle: ['27'] }),
    town.unit(right, root),
    town.post(clerk, left),
  ]);
});

interface Problem {
  readonly kode: string;
  readonly fejl: readonly { readonly sti: string; readonly kode: string }[];
}
const saying = (answer: Answer) => {
  const { kode, fejl } = jsonOf<Problem>(answer);
  return { status: answer.status, kode, fejl: fejl.map(({ sti, kode: code }) => `${sti} ${code}`) };
};
const kodeOf = (answer: Answer) => [answer.status, jsonOf<Problem>(answer).kode];
const numberOf = async (path: string) =>
  (await town.get<{ registrering: { nummer: number } }>(path)).registrering.nummer;
const overAt = async (uuid: string, day = DAY) =>
  (
    await town.get<{ relationer: { overordnet?: { reference: { uuid: string } }[] } }>(
      `organisationenheder/${uuid}?virkningstid=${day}`,
    )
  ).relationer.overordnet?.[0]?.reference.uuid;
const moveLeft = () => town.plan(DAY, [{ handling: 'Flyt', enhed: left, overordnet: right }]);

describe('a plan', () => {
  it('that would leave somebody behind is shown to, and refused; nothing is written', async () => {
    const plan = await town.plan(DAY, [{ handling: 'Luk', enhed: left }]);
    const seen = await town.consequences(plan);
    expect(seen.kanAnvendes).toBe(false);
    expect(seen.data).toContainEqual(
      expect.objectContaining({
        slags: 'Hindring',
        sti: `/organisationenheder/${left}`,
        kode: 'regel_7_ophoert',
      }),
    );
    expect(seen.data).toContainEqual({
      slags: 'UdenModtager',
      tidspunkt: DAY,
      enhed: left,
      objekttype: 'OrganisationFunktion',
      objekt: clerk,
      relation: 'tilknyttedeEnheder',
    });
    expect(seen.antal['OpgaveUdenModtager']).toBe(1);
    const answer = await town.send('POST', `omorganiseringer/${plan}/anvend`, { grundlag: seen.grundlag }, 1);
    expect(saying(answer)).toMatchObject({
      status: 422,
      fejl: expect.arrayContaining([`/organisationenheder/${left} regel_7_ophoert`]),
    });
    expect([
      await numberOf(`organisationenheder/${left}`),
      await numberOf(`omorganiseringer/${plan}`),
    ]).toEqual([1, 1]);
  });

  it('whose steps cannot be taken tells which, and why', async () => {
    const nowhere = randomUUID();
    const plan = await town.plan(DAY, [
      { handling: 'Flyt', enhed: nowhere, overordnet: right },
      { handling: 'Opret', enhed: left, navn: 'Igen', overordnet: right },
      { handling: 'Omdoeb', enhed: right },
      { handling: 'Luk', enhed: left, modtager: left },
      { handling: 'Overfoer', enhed: right, funktion: clerk, modtager: right },
      { handling: 'Flyt', enhed: left, overordnet: right, fra: '2098-01-01T00:00:00Z' },
    ]);
    const { data } = await town.consequences(plan, '&slags=Hindring');
    expect(data.map(({ sti, kode }) => `${String(sti)} ${String(kode)}`)).toEqual([
      '/attributter/trin/5/fra periode',
      '/attributter/trin/1/enhed findes',
      '/attributter/trin/0/enhed findes_ikke',
      '/attributter/trin/4/enhed ikke_der',
      '/attributter/trin/2/navn paakraevet',
      '/attributter/trin/3/modtager ring',
    ]);
    expect(kodeOf(await town.apply(plan))).toEqual([422, 'plan']);
  });

  it('that makes a ring is told so, also where the ring is closed by the same plan', async () => {
    const [team, group] = [randomUUID(), randomUUID()];
    await town.bring([town.unit(team, left), town.unit(group, team)]);
    const ring = async (...steps: object[]) => {
      const plan = await town.plan(DAY, steps);
      const { data } = await town.consequences(plan, '&slags=Hindring');
      expect((await town.apply(plan)).status).toBe(422);
      return data.map(({ kode }) => kode);
    };
    const flyt = (enhed: string, overordnet: string) => ({ handling: 'Flyt', enhed, overordnet });
    const luk = (enhed: string, modtager: string) => ({ handling: 'Luk', enhed, modtager });
    expect(await ring(flyt(left, team))).toContain('regel_1_kreds');
    expect(await ring(flyt(team, team), luk(team, group))).toContain('regel_1_kreds');
    expect(await ring(flyt(left, team), luk(left, group), luk(team, group))).toContain('regel_1_kreds');
  });

  it('is applied as it was seen: what has been changed since is told of', async () => {
    const plan = await moveLeft();
    const { grundlag } = await town.consequences(plan);
    const rename = { attributter: { egenskaber: [{ virkning: FROM, enhedNavn: 'Venstre' }] } };
    expect((await town.send('PATCH', `organisationenheder/${left}`, rename, 1)).status).toBe(200);
    const path = `omorganiseringer/${plan}/anvend`;
    expect(saying(await town.send('POST', path, { grundlag }, 1))).toEqual({
      status: 409,
      kode: 'grundlag',
      fejl: [`/organisationenheder/${left} aendret`],
    });
    expect(kodeOf(await town.send('POST', path, { grundlag }))).toEqual([428, 'if_match_mangler']);
    expect(kodeOf(await town.send('POST', path, { grundlag }, 7))).toEqual([412, 'foraeldet']);
    expect((await town.send('POST', path, {}, 1)).status).toBe(400);
    expect((await town.apply(plan)).status).toBe(200);
  });

  it('goes from a draft to applied to undone, and no other way', async () => {
    const plan = await moveLeft();
    const path = `omorganiseringer/${plan}`;
    expect(kodeOf(await town.undo(plan, 1))).toEqual([409, 'trin']);
    const applied = { tilstande: { status: [{ virkning: FROM, vaerdi: 'Anvendt' }] } };
    expect(kodeOf(await town.send('PATCH', path, applied, 1))).toEqual([409, 'trin']);
    const made = {
      attributter: { registreret: [{ virkning: FROM, id: '1', objekter: ['organisationenheder/x'] }] },
    };
    expect(kodeOf(await town.send('PATCH', path, made, 1))).toEqual([422, 'registreret']);
    expect((await town.apply(plan)).status).toBe(200);
    const other = { attributter: { egenskaber: [{ virkning: FROM, navn: 'Noget andet' }] } };
    expect(kodeOf(await town.send('PATCH', path, other, 2))).toEqual([409, 'laast']);
    expect(kodeOf(await town.send('DELETE', path, undefined, 2))).toEqual([409, 'trin']);
    expect(kodeOf(await town.send('GET', `${path}/konsekvenser`))).toEqual([409, 'trin']);
    expect((await town.undo(plan)).status).toBe(200);
    const again = await town.undo(plan);
    expect([again.status, again.headers['preference-applied'], again.headers['etag']]).toEqual([
      200,
      'uaendret',
      '"3"',
    ]);
    expect(kodeOf(await town.send('POST', `${path}/anvend`, { grundlag: 'x' }, 3))).toEqual([409, 'trin']);
    expect((await town.send('DELETE', path, undefined, 3)).status).toBe(204);
  });

  it('is applied once, however many ask for it at once', async () => {
    const plan = await moveLeft();
    const { grundlag } = await town.consequences(plan);
    const answers = await Promise.all(
      [1, 2, 3].map(() => town.send('POST', `omorganiseringer/${plan}/anvend`, { grundlag }, 1)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ headers }) => headers['preference-applied'] ?? 'ny').sort()).toEqual([
      'ny',
      'uaendret',
      'uaendret',
    ]);
    expect(await numberOf(`organisationenheder/${left}`)).toBe(2);
  });

  it('takes the rights to all that it writes', async () => {
    const plan = await moveLeft();
    const { grundlag } = await town.consequences(plan);
    const token = await service.tokenWith([
      'omorganisering:laes',
      'omorganisering:skriv',
      'organisationenhed:laes',
    ]);
    const path = `/organisation/v1/omorganiseringer/${plan}`;
    const answer = await service.send('POST', `${path}/anvend`, {
      body: { grundlag },
      headers: { 'if-match': '"1"' },
      token,
    });
    expect(saying(answer)).toMatchObject({ status: 403 });
    const elsewhere = await service.token({ cvr: '87654321' });
    for (const command of ['anvend', 'fortryd'])
      expect(
        (
          await service.send('POST', `${path}/${command}`, {
            body: command === 'anvend' ? { grundlag } : {},
            headers: { 'if-match': '"1"' },
            token: elsewhere,
          })
        ).status,
      ).toBe(404);
    expect((await service.send('GET', `${path}/konsekvenser`, { token: elsewhere })).status).toBe(404);
    expect(await numberOf(`organisationenheder/${left}`)).toBe(1);
  });

  it('whose day has come is neither applied nor undone', async () => {
    const past = await town.plan('2021-01-01T00:00:00Z', [
      { handling: 'Flyt', enhed: left, overordnet: right },
    ]);
    expect((await town.consequences(past, '&slags=Hindring')).data).toMatchObject([{ kode: 'i_kraft' }]);
    expect(kodeOf(await town.apply(past))).toEqual([409, 'i_kraft']);
    // However slow the machine: a day so near that it is soon over, and not over yet when the plan is applied.
    for (let lead = 1_000_000n; ; lead *= 2n) {
      const day = now() + lead;
      const plan = await town.plan(formatInstant(day), [
        { handling: 'Flyt', enhed: left, overordnet: right },
      ]);
      const answer = await town.apply(plan);
      if (answer.status !== 200) expect(kodeOf(answer)).toEqual([409, 'i_kraft']);
      else {
        while (now() < day) await new Promise((resolve) => setTimeout(resolve, 20));
        expect(kodeOf(await town.undo(plan))).toEqual([409, 'i_kraft']);
        return;
      }
    }
  });
});

describe('an undo', () => {
  it('leaves alone what others have said since', async () => {
    const plan = await moveLeft();
    await town.apply(plan);
    const path = `organisationenheder/${left}`;
    const others = {
      attributter: { egenskaber: [{ virkning: { fra: DAY }, enhedNavn: 'Nyt navn' }] },
      relationer: { overordnet: to(right, { fra: '2030-01-01T00:00:00Z', til: '2031-01-01T00:00:00Z' }) },
    };
    expect((await town.send('PATCH', path, others, 2)).status).toBe(200);
    expect((await town.undo(plan)).status).toBe(200);
    expect([await overAt(left), await overAt(left, '2030-06-01T00:00:00Z')]).toEqual([root, right]);
    const { attributter } = await town.get<{ attributter: { egenskaber: { enhedNavn: string }[] } }>(
      `${path}?virkningstid=${DAY}`,
    );
    expect(attributter.egenskaber[0]!.enhedNavn).toBe('Nyt navn');
  });

  it('is refused where others have said something else of the same, and says of what', async () => {
    const plan = await moveLeft();
    await town.apply(plan);
    const later = { relationer: { overordnet: to(root, { fra: '2100-01-01T00:00:00Z' }) } };
    expect((await town.send('PATCH', `organisationenheder/${left}`, later, 2)).status).toBe(200);
    expect(saying(await town.undo(plan))).toEqual({
      status: 409,
      kode: 'konflikt',
      fejl: [`/organisationenheder/${left}/relationer/overordnet aendret`],
    });
    expect(await overAt(left)).toBe(right);
  });

  it('keeps what others have said since, where it is told to, and undoes the rest', async () => {
    const plan = await town.plan(DAY, [{ handling: 'Luk', enhed: left, modtager: right }]);
    await town.apply(plan);
    // The clerk leaves before the day.
    const end = { fra: '2090-01-01T00:00:00Z' };
    const leaving = {
      tilstande: { gyldighed: [{ virkning: end, vaerdi: 'Inaktiv' }] },
      relationer: { tilknyttedeEnheder: [{ virkning: end, reference: null }] },
    };
    expect((await town.send('PATCH', `organisationfunktioner/${clerk}`, leaving, 2)).status).toBe(200);
    expect(saying(await town.undo(plan)).fejl).toEqual([
      `/organisationfunktioner/${clerk}/relationer/tilknyttedeEnheder aendret`,
    ]);
    const keeping = { beholdSenere: true };
    expect((await town.send('POST', `omorganiseringer/${plan}/fortryd`, keeping, 2)).status).toBe(200);
    const { tilstande } = await town.get<{ tilstande: { gyldighed: { vaerdi: string }[] } }>(
      `organisationenheder/${left}?virkningstid=${DAY}`,
    );
    expect(tilstande.gyldighed).toMatchObject([{ vaerdi: 'Aktiv' }]);
    const { relationer } = await town.get<{ relationer: object }>(
      `organisationfunktioner/${clerk}?virkningstid=${DAY}`,
    );
    expect(relationer).not.toHaveProperty('tilknyttedeEnheder');
  });

  it('is refused where somebody is in a unit that would be gone, or it has another name', async () => {
    const fresh = randomUUID();
    const plan = await town.plan(DAY, [{ handling: 'Opret', enhed: fresh, navn: 'Ny', overordnet: right }]);
    await town.apply(plan);
    await town.bring([town.post(randomUUID(), fresh)]);
    expect(saying(await town.undo(plan)).fejl).toEqual([expect.stringMatching(/tilknyttedeEnheder i_brug$/)]);
    const rename = { attributter: { egenskaber: [{ virkning: { fra: DAY }, enhedNavn: 'Nyere' }] } };
    expect((await town.send('PATCH', `organisationenheder/${fresh}`, rename, 1)).status).toBe(200);
    expect(saying(await town.undo(plan)).fejl).toContain(`/organisationenheder/${fresh} aendret`);
  });

  it('is refused where what was left has been closed since', async () => {
    const plan = await town.plan(DAY, [
      { handling: 'Overfoer', enhed: left, funktion: clerk, modtager: right },
    ]);
    await town.apply(plan);
    const close = await town.plan('2100-01-01T00:00:00Z', [
      { handling: 'Luk', enhed: left, modtager: right },
    ]);
    expect((await town.apply(close)).status).toBe(200);
    expect(saying(await town.undo(plan)).fejl).toEqual([
      `/organisationfunktioner/${clerk}/relationer/tilknyttedeEnheder lukket`,
    ]);
    expect((await town.undo(close)).status).toBe(200);
    expect((await town.undo(plan)).status).toBe(200);
  });

  it('is refused where another plan has handed over until what this one said', async () => {
    const handOver = (day: string, modtager: string) =>
      town.plan(day, [{ handling: 'Overfoer', enhed: left, funktion: clerk, modtager }]);
    const later = await handOver('2101-01-01T00:00:00Z', right);
    expect((await town.apply(later)).status).toBe(200);
    const sooner = await handOver(DAY, root);
    expect((await town.apply(sooner)).status).toBe(200);
    // Without the later the clerk would have stayed where the sooner sends him.
    expect(saying(await town.undo(later)).fejl).toEqual([
      `/organisationfunktioner/${clerk}/relationer/tilknyttedeEnheder aendret`,
    ]);
    expect([(await town.undo(sooner)).status, (await town.undo(later)).status]).toEqual([200, 200]);
  });

  it('is refused where another plan has put somebody where this one put another', async () => {
    const team = randomUUID();
    await town.bring([town.unit(team, left)]);
    const first = await town.plan(DAY, [{ handling: 'Luk', enhed: left, modtager: root }]);
    expect((await town.apply(first)).status).toBe(200);
    const second = await town.plan(DAY, [
      { handling: 'Flyt', enhed: right, overordnet: team },
      { handling: 'Luk', enhed: team, modtager: right },
    ]);
    expect((await town.apply(second)).status).toBe(200);
    expect(await overAt(right)).toBe(root);
    // Without the first it would have come to stand under the one that the first has closed.
    expect(saying(await town.undo(first))).toMatchObject({
      status: 409,
      fejl: [`/organisationenheder/${team}/relationer/overordnet aendret`],
    });
    expect([(await town.undo(second)).status, (await town.undo(first)).status]).toEqual([200, 200]);
    expect([await overAt(team), await overAt(right)]).toEqual([left, root]);
  });
});
