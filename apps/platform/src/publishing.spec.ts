import { accessControl } from '@stoettesystemer/access-control';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { classification } from '@stoettesystemer/classification';
import { messageDistribution } from '@stoettesystemer/message-distribution';
import { freePort, RunningPlatform, TOWN } from './spec/running-platform';

const FROM = { fra: '2000-01-01T00:00:00Z' };
const OTHER = '87654321';
const V1 = '/beskedfordeler/v1';

interface Message {
  readonly id: string;
  readonly subject: string;
  readonly type: string;
  readonly source: string;
  readonly data: { readonly nummer: number };
}

/** A dueslag of demo-fagsystem's that takes all there is of facets. */
async function mailboxOf(platform: RunningPlatform, owner: string): Promise<string> {
  const egenskaber = [{ virkning: FROM, brugervendtNoegle: 'D', levering: 'hent' }];
  const body = { attributter: { egenskaber } };
  const { uuid } = await platform.send<{ uuid: string }>('demo-fagsystem', 'POST', `${V1}/dueslag`, {
    owner,
    body,
  });
  const filtre = [{ exact: { objekttype: 'Facet' } }];
  await platform.send('demo-fagsystem', 'POST', `${V1}/abonnementer`, {
    owner,
    body: {
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'A', filtre }] },
      relationer: { dueslag: [{ virkning: FROM, reference: { uuid } }] },
    },
  });
  return uuid;
}

/** Takes out so many, in the order that they come. */
async function received(platform: RunningPlatform, owner: string, mailbox: string, count: number) {
  const found: Message[] = [];
  while (found.length < count) {
    const claim = `${V1}/dueslag/${mailbox}/krav`;
    const { krav, beskeder } = await platform.send<{ krav: string; beskeder: Message[] }>(
      'demo-fagsystem',
      'POST',
      claim,
      { owner, body: { vent: 25 } },
    );
    found.push(...beskeder);
    const body = { krav, modtaget: beskeder.map(({ id }) => id) };
    if (krav !== null)
      await platform.send('demo-fagsystem', 'POST', `${V1}/dueslag/${mailbox}/kvitteringer`, { owner, body });
  }
  return found;
}

async function facet(platform: RunningPlatform, owner: string, system = 'demo-fagsystem'): Promise<string> {
  const egenskaber = [{ virkning: FROM, brugervendtNoegle: `F-${owner}-${Math.random()}` }];
  const path = '/klassifikation/v1/facetter';
  const made = await platform.send<{ uuid: string }>(system, 'POST', path, {
    owner,
    body: { attributter: { egenskaber } },
  });
  return made.uuid;
}
const retitle = (platform: RunningPlatform, uuid: string, ifMatch: number) =>
  platform.send('demo-fagsystem', 'PATCH', `/klassifikation/v1/facetter/${uuid}`, {
    ifMatch,
    body: { attributter: { egenskaber: [{ virkning: FROM, titel: `Titel ${ifMatch}` }] } },
  });

test('a registry in a process of its own sends what happens in it, to each municipality its own and to all what is common, while Beskedfordeler comes and goes', async () => {
  const platform = await RunningPlatform.create();
  try {
    const [distribution, registry] = [await freePort(), await freePort()];
    await platform.open([accessControl]);
    const open = () => platform.open([messageDistribution], { port: distribution });
    let distributor = await open();
    const alone = await platform.open([classification], {
      port: registry,
      environment: { BESKEDFORDELER: `http://localhost:${distribution}/beskedfordeler` },
    });
    const mailboxes = { [TOWN]: await mailboxOf(platform, TOWN), [OTHER]: await mailboxOf(platform, OTHER) };

    const mine = await facet(platform, TOWN);
    const theirs = await facet(platform, OTHER);
    expect(await received(platform, TOWN, mailboxes[TOWN]!, 1)).toMatchObject([
      {
        source: `/klassifikation/${TOWN}`,
        type: 'dk.stoettesystemerne.klassifikation.facet.opstaaet.v1',
        subject: mine,
        data: { nummer: 1 },
      },
    ]);
    expect((await received(platform, OTHER, mailboxes[OTHER]!, 1)).map(({ subject }) => subject)).toEqual([
      theirs,
    ]);

    await distributor.close();
    // The registry does not notice: what is written is answered, and sent when there is somebody to send it to.
    for (let number = 1; number <= 20; number++) await retitle(platform, mine, number);
    const waiting = /publication_age_seconds\{service="klassifikation"\} (\S+)/;
    expect(Number(waiting.exec(await alone.metrics.text())![1])).toBeGreaterThan(0);
    distributor = await open();
    const common = await facet(platform, COMMON_OWNER, 'demo-faelles');
    const inOrder = await received(platform, TOWN, mailboxes[TOWN]!, 21);
    expect(inOrder.filter(({ subject }) => subject === mine).map(({ data }) => data.nummer)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 2),
    );
    expect(inOrder.filter(({ subject }) => subject === common)).toHaveLength(1);
    expect((await received(platform, OTHER, mailboxes[OTHER]!, 1)).map(({ subject }) => subject)).toEqual([
      common,
    ]);
    expect(await alone.metrics.text()).toMatch(/publication_refused_events\{service="klassifikation"\} 0/);
  } finally {
    await platform.close();
  }
});
