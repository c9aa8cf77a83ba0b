import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { cli, Client } from './spec/client';
import { newDataDir, Platform } from './spec/platform';

interface Heard {
  readonly key: string;
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly reason: string | undefined;
}

interface Facet {
  readonly attributter: { readonly egenskaber: readonly [{ readonly brugervendtNoegle: string }] };
}

/** One request, heard to its end; status 0 when there was no answer. */
function post(port: number, token: string, agent: Agent | false): Promise<Heard> {
  const key = randomUUID();
  const egenskaber = [{ virkning: { fra: '2020-01-01T00:00:00Z' }, brugervendtNoegle: key }];
  const body = JSON.stringify({ attributter: { egenskaber } });
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve) => {
    const failed = ({ code }: NodeJS.ErrnoException) =>
      resolve({ key, status: 0, retryAfter: undefined, reason: code });
    const asked = request(
      { port, path: '/klassifikation/v1/facetter', method: 'POST', headers, agent },
      (answer) => {
        const { statusCode = 0, headers: given } = answer;
        const heard = { key, status: statusCode, retryAfter: given['retry-after'], reason: undefined };
        answer
          .on('data', () => undefined)
          .on('end', () => resolve(heard))
          .on('error', failed);
      },
    );
    asked.on('error', failed).end(body);
  });
}

/** Milliseconds. */
const APART = 10;
const MADE = 'made';
const LATER = 'told to come again';
const OUT = 'not let in';
/** Whom the kernel had let in when the door was shut is hung up on: to nobody's harm, for nothing was read. */
const UNREAD = 'unread';

function kindOf({ status, retryAfter, reason }: Heard): string {
  if (status === 201) return MADE;
  if (status === 503 && retryAfter === '2') return LATER;
  if (reason === 'ECONNREFUSED') return OUT;
  return reason === 'ECONNRESET' ? UNREAD : `${status} ${reason}`;
}

test.each<[string, () => Agent | false]>([
  ['each on a connection of its own', () => false],
  ['on connections that are kept', () => new Agent({ keepAlive: true, maxSockets: 20 })],
])(
  'T75: SIGTERM under some 100 requests a second, %s: no yes is lost, and no no was a yes',
  async (_, agentOf) => {
    const dataDir = newDataDir();
    let platform = await Platform.start(dataDir);
    const agent = agentOf();
    try {
      const asked = ['--system', 'demo-fagsystem', '--service', 'klassifikation', '--cvr', '12345678'];
      const token = (await cli(platform, 'token', ...asked)).stdout.trim();
      const { port } = platform;
      let isShut = false;
      /** Until the platform has been asked to end and the door is shut. */
      const send = async (): Promise<Heard[]> => {
        const sent: Promise<Heard>[] = [];
        for (; !isShut; await setTimeout(APART)) {
          const heard = post(port, token, agent);
          void heard.then((each) => (isShut ||= kindOf(each) === OUT));
          sent.push(heard);
        }
        return Promise.all(sent);
      };
      const sent = send();
      await setTimeout(1_000);
      const ended = platform.end();
      const heard = await sent;
      expect(await ended).toBe(0);
      const kinds = new Set(heard.map(kindOf));
      for (const kind of kinds) expect([MADE, LATER, OUT, UNREAD]).toContain(kind);
      expect([kinds.has(MADE), kinds.has(OUT)]).toEqual([true, true]);

      platform = await Platform.start(dataDir, platform.port);
      const made = heard.filter((each) => kindOf(each) === MADE);
      const client = await Client.of(platform);
      const there = await client.read<{ data: Facet[] }>('facetter?limit=500');
      const keys = there.data.map(({ attributter }) => attributter.egenskaber[0].brugervendtNoegle);
      expect(keys.toSorted()).toEqual(made.map(({ key }) => key).toSorted());
    } finally {
      if (agent) agent.destroy();
      await platform.remove();
    }
  },
);
