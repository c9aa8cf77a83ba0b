import { generateKeyPairSync } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { Parties, VENDOR } from '../agreement/spec/parties';
import { runningAccessControl } from '../spec/running-access-control';
import { selfSigned } from '../login/self-signed';
import { held, type Item, made, outcomeOf, pointing, systemBody, Town } from '../spec/town';

let service: RunningService;
let at: Parties;
beforeAll(async () => {
  service = await runningAccessControl();
  at = await Parties.in(service);
});
afterAll(() => service.close());

const DAY = 24 * 60 * 60 * 1000;
/** So far away from the edges of a day that no clock matters. */
const inDays = (days: number): string => new Date(Date.now() + days * DAY - DAY / 2).toISOString();

interface Page {
  readonly data: Item[];
  readonly naeste: string | null;
}
const soon = async (days: number, who = at.municipality): Promise<Item[]> =>
  (await who.read<Page>(`v1/udloeb?inden=${days}&limit=500`)).data;
const key = (kid: string, { til, udloeber }: { til?: string; udloeber?: string }) => ({
  virkning: { fra: '2020-01-01T00:00:00Z', til: til ?? null },
  kid,
  brug: 'Token',
  jwk: JSON.stringify({
    kty: 'EC',
    crv: 'P-256',
    x: 'v3hyTOwJ20EVPODxS9DIoXiK-aWgehVDh1r2xbVq2sM',
    y: '9ZoxUyx9wOafiaODleSmrte2OexSIM6YtzYku0PdaZI',
  }),
  ...(udloeber ? { udloeber } : {}),
});
const systemWith = (cvr: string, ...noegle: Item[]) =>
  made(
    at.catalogue.post(
      'it-systemer',
      systemBody({
        types: ['Anvendersystem'],
        egenskaber: { organisationCvr: cvr, rollepostkasse: 'noegler@eksempel.dk' },
        facets: { noegle },
      }),
    ),
  );

test('keys, agreements and delegations that end in time are found, the first first', async () => {
  const own = await systemWith(
    '12345678',
    key('ender', { til: inDays(20) }),
    key('certifikat', { udloeber: inDays(10) }),
    key('fjern', { til: inDays(400) }),
    key('uden', {}),
  );
  const theirs = await systemWith(VENDOR, key('deres', { til: inDays(5) }));
  const agreement = await at.through(await at.draft(), 'anmod', ['godkend', { til: inDays(15) }]);
  await at.through(await at.draft(), 'anmod', 'godkend');
  const of = (items: Item[]) => items.map(({ uuid, noegle }) => [uuid, noegle]);
  const found = await soon(60);
  expect(of(found)).toEqual([
    [own, 'certifikat'],
    [agreement, null],
    [own, 'ender'],
  ]);
  expect(of(await soon(12))).toEqual([[own, 'certifikat']]);
  const vendor = at.catalogue.as({ constraints: { organisation: [VENDOR] } });
  expect(of(await soon(60, vendor))).toEqual([[theirs, 'deres']]);
  // One that is put off does not end.
  await at.through(
    agreement,
    ['ny-version', { rolle: [{ id: 'b', servicesystemrolle: at.ids.bare }] }],
    'godkend',
  );
  expect(of(await soon(60))).toEqual([
    [own, 'certifikat'],
    [own, 'ender'],
  ]);
});

describe('an IdP and the agreement on it', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyIn = (from: number, to: number) => {
    const [begin, end] = [from, to].map((days) => new Date(inDays(days)));
    const pem = selfSigned({ name: 'IdP', from: begin!, to: end! }, { privateKey, publicKey });
    const bare = pem.replace(/-----[^-]+-----|\n/g, '');
    return `<KeyDescriptor><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${bare}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`;
  };
  const metadataWith = (keys: string) =>
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.test"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${keys}<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.test/sso"/></IDPSSODescriptor></EntityDescriptor>`;
  const idpWith = (keys: string) =>
    made(
      at.catalogue.post(
        'it-systemer',
        systemBody({
          types: ['IdentityProvider'],
          egenskaber: { organisationCvr: '12345678', navn: 'Kommunens IdP' },
          facets: {
            identityProvider: held({
              protokol: 'Saml',
              praesentationsnavn: 'IdP',
              nsisNiveau: 'High',
              metadata: metadataWith(keys),
            }),
          },
        }),
      ),
    );
  const kinds = async (...uuids: string[]) =>
    (await soon(60))
      .filter(({ uuid }) => uuids.includes(String(uuid)))
      .map(({ slags, uuid }) => [slags, uuid]);

  test('are told of: when nobody can log in by it, and not while another certificate is there to take over', async () => {
    const ending = await idpWith(keyIn(-10, 20));
    const changing = await idpWith(keyIn(-10, 20) + keyIn(15, 400));
    const gap = await idpWith(keyIn(-10, 20) + keyIn(30, 400));
    const agreement = await made(
      at.municipality.post('foederationsaftaler', {
        attributter: { egenskaber: held({ navn: 'Aftalen' }) },
        tilstande: {
          status: [{ virkning: { fra: '2020-01-01T00:00:00Z', til: inDays(40) }, vaerdi: 'Aktiv' }],
        },
        relationer: { identityProvider: pointing(ending) },
      }),
    );
    const found = await kinds(ending, changing, gap, agreement);
    expect(found.slice(0, 2).sort()).toEqual(
      [
        ['IdpMetadata', ending],
        ['IdpMetadata', gap],
      ].sort(),
    );
    expect(found.slice(2)).toEqual([['Foederationsaftale', agreement]]);
  });
});

test('who may read but some of it sees that: a vendor has keys, and knows nothing of delegations', async () => {
  await systemWith('12345678', key('vores', { til: inDays(3) }));
  const read = async (privileges: readonly string[]) => {
    const token = await service.tokenWith(privileges);
    return service.send('GET', '/adgangsstyring/v1/udloeb?inden=60&limit=500', { token });
  };
  const { status, text } = await read(['itsystem:laes', 'serviceaftale:laes']);
  expect(status).toBe(200);
  const kinds = (JSON.parse(text) as Page).data.map(({ slags }) => slags);
  expect(kinds).toContain('Noegle');
  expect(kinds).not.toContain('Foederationsaftale');
  expect(outcomeOf(await read(['service:laes']))).toEqual([403, 'ingen_rettighed']);
});

test('T56: is read in pages, with a cursor for this question and this caller', async () => {
  await systemWith('12345678', ...[1, 2, 3].map((n) => key(`k${n}`, { til: inDays(30 + n) })));
  const all = await soon(60);
  const pages: Item[] = [];
  let cursor: string | null = null;
  let last = '';
  do {
    const page: Page = await at.municipality.read(`v1/udloeb?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
    pages.push(...page.data);
    cursor = page.naeste;
    last = cursor ?? last;
  } while (cursor !== null);
  expect(pages).toEqual(all);
  const other = new Town(service, { cvr: '87654321' });
  for (const answer of [
    await at.municipality.send('GET', `v1/udloeb?inden=30&cursor=${last}`),
    await at.municipality.send('GET', `v1/udloeb?cursor=${last.slice(0, -2)}`),
    await at.municipality.send('GET', 'v1/udloeb?cursor=x'),
    await other.send('GET', `v1/udloeb?cursor=${last}`),
  ])
    expect(outcomeOf(answer)).toEqual([400, 'cursor']);
  for (const inden of ['0', '-1', '731', '1e9', 'x'])
    expect(outcomeOf(await at.municipality.send('GET', `v1/udloeb?inden=${inden}`))).toEqual([400, 'tal']);
});
