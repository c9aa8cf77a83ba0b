import { randomUUID } from 'node:crypto';
import { searchFields } from '@stoettesystemer/engine';
import { FUNCTION_TYPES, Jobfunktionsrolle } from '@stoettesystemer/model';
import type { RunningService } from '@stoettesystemer/testing';
import { runningOrganisation } from '../spec/running-organisation';
import { type Consequences, FROM, jsonOf, to, Town } from './spec/town';

const DAY = '2099-01-01T00:00:00Z';
const LATER = '2100-01-01T00:00:00Z';
let service: RunningService;
let town: Town;
const uuids = <N extends string>(...names: N[]) =>
  Object.fromEntries(names.map((name) => [name, randomUUID()])) as Record<N, string>;
const at = uuids('root', 'north', 'south', 'team', 'clerk', 'user', 'contact', 'payer');

beforeAll(async () => {
  service = await runningOrganisation();
  town = new Town(service);
  const user = {
    objekttype: 'Bruger',
    uuid: at.user,
    attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'u', brugerNavn: 'u' }] },
    tilstande: { gyldighed: [{ virkning: FROM, vaerdi: 'Aktiv' }] },
    relationer: { tilhoerer: to(town.organisation) },
  };
  await town.settle(at.root, [
    user,
    town.unit(at.root, null),
    town.unit(at.north, at.root, { kle: ['27'] }),
    town.unit(at.south, at.root),
    town.unit(at.team, at.north),
    town.post(at.clerk, at.team, 'enhedsrolle', { tilknyttedeBrugere: to(at.user) }),
    town.post(at.contact, at.root, 'henvendelsessted', { opgaver: [town.task('27')] }),
    town.post(at.payer, at.north, 'udbetalendeEnhed'),
  ]);
  const uses = { relationer: { tilknyttedeFunktioner: to(at.contact) } };
  expect((await town.send('PATCH', `organisationenheder/${at.north}`, uses, 1)).status).toBe(200);
});
afterAll(() => service.close());

const kinds = (data: Consequences['data'], ...wanted: string[]) =>
  data.filter(({ slags }) => wanted.includes(slags));

describe('the consequences of a plan', () => {
  it('tell of members, places, subtrees and the roles that somebody should ask for', async () => {
    const plan = await town.plan(DAY, [
      { handling: 'Luk', enhed: at.north, modtager: at.south },
      { handling: 'Overfoer', enhed: at.team, funktion: at.clerk, modtager: at.root, fra: LATER },
    ]);
    const { data, adgangsroller } = await town.consequences(plan);
    expect(kinds(data, 'Flyttet', 'MedlemmerFoelger')).toEqual([
      { slags: 'Flyttet', tidspunkt: DAY, enhed: at.team, foer: at.north, nu: at.south },
      { slags: 'MedlemmerFoelger', tidspunkt: DAY, enhed: at.team, antalMedlemmer: 1 },
    ]);
    const { udbetalendeEnhed, henvendelsessted, enhedsrolle } = FUNCTION_TYPES;
    expect(kinds(data, 'StedFlytter', 'StedBrugesIkke')).toEqual([
      {
        slags: 'StedBrugesIkke',
        tidspunkt: DAY,
        enhed: at.north,
        funktion: at.contact,
        funktionstype: henvendelsessted,
      },
      {
        slags: 'StedFlytter',
        tidspunkt: DAY,
        funktion: at.payer,
        funktionstype: udbetalendeEnhed,
        foer: at.north,
        nu: at.south,
      },
    ]);
    const medlem = {
      funktion: at.clerk,
      bruger: at.user,
      funktionstype: enhedsrolle,
      titel: 'Sagsbehandler',
    };
    expect(kinds(data, 'MedlemFjernet', 'MedlemTilfoejet')).toEqual(
      expect.arrayContaining([
        { slags: 'MedlemFjernet', tidspunkt: LATER, enhed: at.team, medlem },
        { slags: 'MedlemTilfoejet', tidspunkt: LATER, enhed: at.root, medlem },
      ]),
    );
    expect(kinds(data, 'UndertraeAendret')).toEqual(
      expect.arrayContaining([
        { slags: 'UndertraeAendret', tidspunkt: DAY, enhed: at.south, tilgaar: 1, fragaar: 0 },
        { slags: 'UndertraeAendret', tidspunkt: DAY, enhed: at.root, tilgaar: 0, fragaar: 1 },
      ]),
    );
    expect(adgangsroller).toHaveLength(1);
    const { adresse, soegning } = adgangsroller[0]! as {
      adresse: string;
      soegning: { udtryk: { felt: string; iblandt: string[] } };
    };
    expect(adresse).toBe('/adgangsstyring/v1/jobfunktionsroller/soegninger');
    expect(searchFields(Jobfunktionsrolle)).toContain('vaerdier');
    expect(soegning.udtryk.felt).toBe('afgraensning.vaerdier');
    expect(soegning.udtryk.iblandt.toSorted()).toEqual(
      [at.north, `${at.north}/*`, `${at.south}/*`, `${at.root}/*`].sort(),
    );
  });

  it('come in pages that hold together, of the kinds that are asked for, and to the one who asked', async () => {
    const plan = await town.plan(DAY, [{ handling: 'Luk', enhed: at.north, modtager: at.south }]);
    const whole = await town.consequences(plan);
    const path = `omorganiseringer/${plan}/konsekvenser`;
    const seen: Consequences['data'][number][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Consequences = await town.get(`${path}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect([page.antal, page.data.length <= 2]).toEqual([whole.antal, true]);
      seen.push(...page.data);
      cursor = page.naeste;
    }
    expect(seen).toEqual(whole.data);
    expect((await town.consequences(plan, '&slags=Lukket,Flyttet')).data).toEqual(
      kinds(whole.data, 'Lukket', 'Flyttet'),
    );
    const first = await town.get<Consequences>(`${path}?limit=2`);
    const next = `/organisation/v1/${path}?limit=2&cursor=${first.naeste!}`;
    expect((await service.send('GET', `${next}&slags=Lukket`)).status).toBe(400);
    const other = await service.token({ system: 'demo-begraenset' });
    expect((await service.send('GET', next, { token: other })).status).toBe(400);
    expect((await service.send('GET', `/organisation/v1/${path}?slags=Intet`)).status).toBe(400);
    const rename = { attributter: { egenskaber: [{ virkning: FROM, enhedNavn: 'Syd' }] } };
    expect((await town.send('PATCH', `organisationenheder/${at.south}`, rename, 1)).status).toBe(200);
    expect((await town.get<Consequences>(`${path}?limit=2&cursor=${first.naeste!}`)).grundlag).toBe(
      first.grundlag,
    );
    expect((await town.get<Consequences>(`${path}?limit=2`)).grundlag).not.toBe(first.grundlag);
  });

  it('write nothing, and are in the security log', async () => {
    const plan = await town.plan(DAY, [{ handling: 'Luk', enhed: at.north, modtager: at.south }]);
    const counted = async () =>
      (
        await service.database.run(
          { owner: '12345678' },
          {
            name: 'spec-counts',
            text: `select (select count(*) from registration)::int as registrations, (select count(*) from fact)::int as facts,
              (select count(*) from audit where operation = 'konsekvenser')::int as told`,
          },
        )
      ).rows[0] as Record<string, number>;
    const before = await counted();
    await town.consequences(plan);
    const after = await counted();
    expect([after['registrations'], after['facts']]).toEqual([before['registrations'], before['facts']]);
    expect(after['told']! > before['told']!).toBe(true);
  });
});

describe('what a plan does', () => {
  interface Found {
    readonly attributter: {
      readonly egenskaber: readonly { enhedNavn: string; brugervendtNoegle: string }[];
    };
    readonly relationer: Readonly<Record<string, readonly { reference: { uuid: string } }[] | undefined>>;
  }
  const on = (path: string, uuid: string, day: string) =>
    town.get<Found>(`${path}/${uuid}?virkningstid=${day}`);
  const target = async (path: string, uuid: string, relation: string, day: string) =>
    (await on(path, uuid, day)).relationer[relation]?.[0]?.reference.uuid ?? null;

  it('of the root: whoever takes over takes its place, and the organisation follows', async () => {
    const other = new Town(service);
    const { root, heir, side } = uuids('root', 'heir', 'side');
    await other.settle(root, [other.unit(root, null), other.unit(heir, root), other.unit(side, root)]);
    const plan = await other.plan(DAY, [{ handling: 'Luk', enhed: root, modtager: heir }]);
    expect((await other.apply(plan)).status).toBe(200);
    expect([
      await target('organisationenheder', heir, 'overordnet', DAY),
      await target('organisationenheder', side, 'overordnet', DAY),
      await target('organisationer', other.organisation, 'overordnet', DAY),
    ]).toEqual([null, heir, heir]);
    expect((await other.undo(plan)).status).toBe(200);
    expect(await target('organisationenheder', heir, 'overordnet', DAY)).toBe(root);
  });

  it('in steps: what is opened first is closed later, and names change as each says', async () => {
    const fresh = randomUUID();
    const plan = await town.plan(DAY, [
      { handling: 'Opret', enhed: fresh, navn: 'Midlertidig', overordnet: at.south },
      { handling: 'Flyt', enhed: at.team, overordnet: fresh },
      { handling: 'Omdoeb', enhed: fresh, brugervendtNoegle: 'M2', fra: LATER },
      { handling: 'Luk', enhed: fresh, modtager: at.south, fra: LATER },
    ]);
    expect((await town.consequences(plan)).antal).toMatchObject({ Oprettet: 1, Lukket: 1, Flyttet: 2 });
    expect((await town.apply(plan)).status).toBe(200);
    expect([
      await target('organisationenheder', at.team, 'overordnet', DAY),
      await target('organisationenheder', at.team, 'overordnet', LATER),
    ]).toEqual([fresh, at.south]);
    expect((await on('organisationenheder', fresh, LATER)).attributter.egenskaber[0]).toMatchObject({
      enhedNavn: 'Midlertidig',
      brugervendtNoegle: 'M2',
    });
    const other = await town.plan(DAY, [{ handling: 'Flyt', enhed: at.team, overordnet: at.root }]);
    expect((await town.consequences(other, '&slags=SenereAendringViger')).data).toEqual([
      {
        slags: 'SenereAendringViger',
        tidspunkt: LATER,
        objekttype: 'OrganisationEnhed',
        objekt: at.team,
        facet: 'overordnet',
        fra: LATER,
      },
    ]);
    expect((await town.undo(plan)).status).toBe(200);
    expect(await target('organisationenheder', at.team, 'overordnet', LATER)).toBe(at.north);
  });

  it('is marked where it holds, and the plan has the address of each registration', async () => {
    const plan = await town.plan(DAY, [{ handling: 'Flyt', enhed: at.team, overordnet: at.south }]);
    const answer = await town.apply(plan);
    const { attributter } = jsonOf<{ attributter: { registreret: { objekter: string[] }[] } }>(answer);
    const [address] = attributter.registreret[0]!.objekter;
    const { relationer } = await town.get<
      Found & { relationer: { overordnet: { virkning: { note?: string } }[] } }
    >(address!);
    expect(relationer.overordnet.map(({ virkning }) => virkning.note)).toContain(`Omorganisering ${plan}`);
    expect((await town.undo(plan)).status).toBe(200);
    const cleared = await town.get<{ relationer: typeof relationer }>(
      `organisationenheder/${at.team}?virkning=alle`,
    );
    expect(cleared.relationer.overordnet.map(({ virkning }) => virkning.note)).not.toContain(
      `Omorganisering ${plan}`,
    );
  });
});
