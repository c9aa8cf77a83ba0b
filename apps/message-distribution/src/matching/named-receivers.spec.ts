import type { RunningService } from '@stoettesystemer/testing';
import { event, OTHER_TOWN, Receiver, TOWN } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';

let service: RunningService;
let us: Receiver;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
});
afterAll(() => service.close());

test('a filter is held against the message as its receiver is to have it: it finds out nobody else who has it', async () => {
  const all = await us.mailbox();
  const own = await us.mailbox([{ exact: { tilladtmodtager: TOWN } }]);
  const others = await us.mailbox([{ suffix: { tilladtmodtager: OTHER_TOWN } }]);
  const sent = event({ tilladtmodtager: `${TOWN},${OTHER_TOWN}` });
  await us.published(sent);
  expect(await us.receive(all, 1)).toEqual([{ ...sent, tilladtmodtager: TOWN }]);
  expect(await us.receive(own, 1)).toHaveLength(1);
  expect(await us.rest(others)).toEqual([]);
  // Nor when it is asked for again. Replays are gone through in the order that they are asked for.
  for (const mailbox of [others, all]) {
    const answer = await us.send('POST', `/dueslag/${mailbox}/genafspil`, {
      body: { fra: '2000-01-01T00:00:00Z' },
    });
    expect(answer.status).toBe(202);
  }
  expect(await us.receive(all, 1)).toHaveLength(1);
  expect(await us.rest(others)).toEqual([]);
});
