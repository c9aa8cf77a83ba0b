import { DEMO_CLIENTS } from '@stoettesystemer/access';
import type { RunningService } from '@stoettesystemer/testing';
import { idpUuid } from '../seed/demo-people';
import { runningAccessControl } from '../spec/running-access-control';
import { TEST_EMPLOYEES } from '../test-idp/test-employees';

const [TOWN, OTHER] = ['12345678', '87654321'] as const;
const PRIVILEGES = ['adgangsstyring:forklar', 'serviceaftale:skriv', 'serviceaftale:laes'];

interface Answer {
  readonly tilladt: boolean;
  readonly svar: string;
  readonly afvist: string | null;
  readonly serviceaftale: { readonly uuid: string } | null;
  readonly grundlag: readonly {
    readonly slags: string;
    readonly jobfunktionsrolle: { readonly navn: string } | null;
    readonly delegation: string | null;
    readonly afgraensninger: object;
  }[];
  readonly bortfaldet: readonly { readonly grund: string; readonly tekst: string }[];
  readonly aendringer: readonly {
    readonly kode: string;
    readonly tekst: string;
    readonly uuid: string | null;
  }[];
}

let service: RunningService;
beforeAll(async () => {
  service = await runningAccessControl();
});
afterAll(() => service.close());

async function explained(body: object, cvr: string = TOWN): Promise<Answer> {
  const token = await service.tokenAs({ cvr }, { privileges: PRIVILEGES });
  const answer = await service.send('POST', '/adgangsstyring/v1/forklaringer', { body, token });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return JSON.parse(answer.text) as Answer;
}

/** A made-up employee as the municipality's IdP says who it is. */
const person = (id: string) => {
  const { home, level, privileges } = TEST_EMPLOYEES.find((each) => each.id === id)!;
  return {
    idp: idpUuid(home),
    hjemme: home,
    nsisNiveau: level,
    jobfunktioner: privileges.flatMap(({ scope, privileges: roles }) =>
      roles.map((entityId) => ({ entityId, myndighed: scope.value })),
    ),
  };
};
const app = { system: DEMO_CLIENTS['demo-app'], service: 'klassifikation' };
const codes = ({ aendringer }: Answer): string[] => [...new Set(aendringer.map(({ kode }) => kode))].sort();

describe('ten questions', () => {
  test('1. a system within its agreement: yes, by which agreement and role, and what would end it', async () => {
    const answer = await explained({
      system: DEMO_CLIENTS['demo-fagsystem'],
      service: 'klassifikation',
      handling: 'klasse:skriv',
    });
    expect(answer).toMatchObject({ tilladt: true, afvist: null, svar: 'Det er tilladt.', bortfaldet: [] });
    expect(answer.grundlag).toMatchObject([
      { slags: 'system', rolle: { navn: 'Klassifikation: læs og ret' } },
    ]);
    expect(codes(answer)).toEqual(['fjern_rolle', 'luk_system', 'ophaev_aftale']);
  });

  test('2. a system that reads, and would write: which role would let it', async () => {
    const answer = await explained({
      system: DEMO_CLIENTS['demo-begraenset'],
      service: 'klassifikation',
      handling: 'klasse:skriv',
    });
    expect([answer.tilladt, answer.afvist]).toEqual([false, null]);
    expect(answer.aendringer.map(({ tekst }) => tekst)).toEqual([
      'Rollen »Klassifikation: læs og ret« føjes til aftalen »demo-begraenset«, uden afgrænsning.',
    ]);
  });

  test('3. a municipality that has no agreement: no, and no single change would do', async () => {
    const question = {
      system: DEMO_CLIENTS['demo-begraenset'],
      service: 'klassifikation',
      handling: 'klasse:laes',
    };
    expect(await explained(question, OTHER)).toMatchObject({
      tilladt: false,
      afvist: 'ingen_aftale',
      svar: 'Myndigheden har ingen serviceaftale om it-systemet.',
      grundlag: [],
      aendringer: [],
    });
  });

  test('4. before the agreement was: not then', async () => {
    const question = {
      system: DEMO_CLIENTS['demo-fagsystem'],
      service: 'klassifikation',
      handling: 'klasse:laes',
    };
    expect(await explained({ ...question, virkningstid: '2025-12-31T23:59:59Z' })).toMatchObject({
      tilladt: false,
      afvist: 'ukendt_system',
    });
    expect(await explained({ ...question, registreringstid: '2020-01-01T00:00:00Z' })).toMatchObject({
      tilladt: false,
      afvist: 'ukendt_system',
    });
  });

  test('5. a vendor’s own system asks for its catalogue: only what is its own, always', async () => {
    const question = {
      system: DEMO_CLIENTS['demo-leverandoer'],
      service: 'adgangsstyring',
      handling: 'itsystem:skriv',
    };
    const own = { ...question, objekt: { organisation: ['23456789'] } };
    const other = { ...question, objekt: { organisation: ['12345678'] } };
    expect((await explained({ ...own, objekt: { ...own.objekt, ejer: '19435075' } })).tilladt).toBe(false);
    expect((await explained(own)).tilladt).toBe(true);
    expect(codes(await explained(other))).toEqual([]);
  });

  test('6. T27: a caseworker’s two job functions are never one: KLE of the one with the level of the other is no', async () => {
    const bruger = person('opdigtet-sagsbehandler');
    const ask = (kle: string, foelsomhed: string) =>
      explained({
        ...app,
        handling: 'klasse:laes',
        bruger,
        objekt: { kle: [kle], foelsomhed: [foelsomhed] },
      });
    const answer = await ask('32.30.04', 'FORTROLIGE_PERSONOPLYSNINGER');
    expect(answer.tilladt).toBe(false);
    expect(
      answer.grundlag
        .filter(({ slags }) => slags === 'bruger')
        .map(({ jobfunktionsrolle, afgraensninger }) => [jobfunktionsrolle?.navn, afgraensninger]),
    ).toEqual([
      ['Omsorg', { kle: ['27.*'], foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER' }],
      ['Ydelser', { kle: ['32.30.*'], foelsomhed: 'IKKE_FORTROLIGE_DATA' }],
    ]);
  });

  test('7. one who is logged in too weakly: how to log in', async () => {
    const answer = await explained({
      ...app,
      handling: 'klasse:laes',
      bruger: person('opdigtet-lavt-niveau'),
    });
    expect([answer.tilladt, answer.afvist]).toEqual([false, 'ingen_jobfunktioner']);
    expect(answer.bortfaldet.map(({ grund }) => grund)).toContain('nsis_niveau');
    expect(codes(answer)).toContain('log_ind_hoejere');
  });

  test('8. a delegated role: yes through the delegation, and no without', async () => {
    const answer = await explained({ ...app, handling: 'klasse:laes', bruger: person('paafundet-vagt') });
    expect(answer.tilladt).toBe(true);
    expect(answer.grundlag.find(({ slags }) => slags === 'bruger')?.delegation).toMatch(/^[0-9a-f-]{36}$/);
    expect(codes(answer)).toContain('ophaev_delegation');
  });

  test('9. a role that is claimed and not delegated: that it would have to be', async () => {
    const answer = await explained({
      ...app,
      handling: 'klasse:laes',
      bruger: person('paafundet-graensegaenger'),
    });
    expect(answer.tilladt).toBe(false);
    expect(answer.bortfaldet).toMatchObject([{ grund: 'ikke_delegeret' }]);
    expect(codes(answer)).toEqual(['accepter_delegation']);
  });

  test('10. a system that is closed, or unknown, and a service that is none', async () => {
    const question = {
      system: DEMO_CLIENTS['demo-fagsystem'],
      service: 'urn:ingen',
      handling: 'klasse:laes',
    };
    expect((await explained(question)).afvist).toBe('ukendt_service');
    const unknown = {
      ...question,
      system: '00000000-0000-4000-8000-0000000000aa',
      service: 'klassifikation',
    };
    expect((await explained(unknown)).afvist).toBe('ukendt_system');
  });
});

test('as it was and as it is: an agreement that has been ended explains itself at both registration times', async () => {
  const question = {
    system: DEMO_CLIENTS['demo-begraenset'],
    service: 'klassifikation',
    handling: 'klasse:laes',
  };
  const before = await explained(question);
  expect(before.tilladt).toBe(true);
  const { uuid } = before.serviceaftale!;
  const path = `/adgangsstyring/v1/serviceaftaler/${uuid}`;
  const token = await service.tokenAs({}, { privileges: [...PRIVILEGES, 'adgangsstyring:godkend'] });
  const { headers } = await service.send('GET', path, { token });
  const ended = await service.send('POST', `${path}/ophaev`, {
    token,
    body: { note: 'Prøve' },
    headers: { 'if-match': headers['etag']! },
  });
  expect(ended.status).toBe(200);
  const { registrering } = JSON.parse(ended.text) as { registrering: { fra: string } };
  const after = await explained(question);
  expect([after.tilladt, after.afvist]).toEqual([false, 'aftale_ikke_i_kraft']);
  expect(codes(after)).toEqual(['saet_aftale_i_kraft']);
  const earlier = new Date(Date.parse(registrering.fra) - 1).toISOString();
  expect((await explained({ ...question, registreringstid: earlier })).tilladt).toBe(true);
});

test('it takes a privilege, and what is asked must be a question', async () => {
  const path = '/adgangsstyring/v1/forklaringer';
  const body = { system: DEMO_CLIENTS['demo-fagsystem'], service: 'klassifikation', handling: 'klasse:laes' };
  const token = await service.tokenAs({}, { privileges: PRIVILEGES });
  const reader = await service.tokenWith(['itsystem:laes']);
  expect((await service.send('POST', path, { body, token: reader })).status).toBe(403);
  expect((await service.send('POST', path, { body: { ...body, handling: 'Alt' }, token })).status).toBe(400);
  const noType = { ...body, handling: 'adgangsstyring:godkend', objekt: { kle: ['27.18.02'] } };
  expect((await service.send('POST', path, { body: noType, token })).status).toBe(422);
});
