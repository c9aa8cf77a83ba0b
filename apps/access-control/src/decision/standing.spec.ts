import { COMMON_OWNER, DEMO_CLIENTS } from '@stoettesystemer/access';
import { messageDistributionTypes } from '@stoettesystemer/model';
import { decodeJwt } from 'jose';
import { TOWN } from '../spec/town';
import { type TwoServices, twoServices } from '../spec/two-services';

const FAGSYSTEM = DEMO_CLIENTS['demo-fagsystem']!;

let both: TwoServices;
beforeAll(async () => {
  both = await twoServices('beskedfordeler', messageDistributionTypes);
});
afterAll(() => both.close());

const tokenOf = async (system: string, service: string, cvr: string) =>
  (await both.token(system, service, cvr)).access_token!;

async function asked(
  body: object,
  as: readonly [system: string, cvr: string] = ['demo-beskedfordeler', COMMON_OWNER],
) {
  const answer = await fetch(`${both.address}/adgangsstyring/v1/afgoerelser`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      authorization: `Bearer ${await tokenOf(as[0], 'adgangsstyring', as[1])}`,
      'content-type': 'application/json',
    },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test('answers what a token says, for any municipality that it is asked about', async () => {
  for (const system of ['demo-fagsystem', 'demo-begraenset']) {
    const { agr, agv, authorization_details } = decodeJwt(await tokenOf(system, 'beskedfordeler', TOWN));
    const question = { system: DEMO_CLIENTS[system], service: 'beskedfordeler', cvr: TOWN };
    expect(await asked(question)).toEqual({
      status: 200,
      body: { afvist: null, serviceaftale: { uuid: agr, version: agv }, authorization_details },
    });
  }
});

test('a system of one’s own is what the agreement is kept to, and each restriction stands in its own group', async () => {
  const { body } = await asked({ system: FAGSYSTEM, service: 'beskedfordeler', cvr: TOWN });
  const groups = body['authorization_details'] as { privileges: string[]; constraints: object }[];
  const of = (privilege: string) =>
    groups.find(({ privileges }) => privileges.includes(privilege))?.constraints;
  expect([of('dueslag:skriv'), of('besked:skriv'), of('besked:laes')]).toEqual([
    { itsystem: [FAGSYSTEM] },
    { beskedtype: ['*'], modtagermyndighed: ['*'] },
    { beskedtype: ['*'], foelsomhed: '*', kle: ['*'], afsendermyndighed: ['*'] },
  ]);
});

test('without an agreement it says so, and gives no group', async () => {
  const nobody = await asked({ system: FAGSYSTEM, service: 'beskedfordeler', cvr: '11223344' });
  expect(nobody).toEqual({
    status: 200,
    body: { afvist: 'ingen_aftale', serviceaftale: null, authorization_details: [] },
  });
});

test('is for those who deliver, and says nothing to others', async () => {
  const question = { system: FAGSYSTEM, service: 'beskedfordeler', cvr: TOWN };
  const { status, body } = await asked(question, ['demo-kommune', TOWN]);
  expect([status, body['kode']]).toEqual([403, 'ingen_rettighed']);
});
