import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type RunningService, runningApp } from '@stoettesystemer/testing';
import { SMTPServer } from 'smtp-server';
import { accessControl } from '../access-control';
import { jsonOf, outcomeOf, TOWN } from '../spec/town';
import { Parties } from '../agreement/spec/parties';

interface Received {
  readonly to: string;
  readonly text: string;
}

/** An SMTP server that can be taken down and put up again on its port. */
class Mailbox {
  readonly received: Received[] = [];
  private server: SMTPServer | undefined;
  /** Answers to the next mails, before it takes one in. */
  refusals = 0;

  constructor(readonly port: number) {}

  async up(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          if (this.refusals-- > 0) return done(new Error('451 later'));
          const text = Buffer.concat(parts).toString();
          for (const { address } of session.envelope.rcptTo) this.received.push({ to: address, text });
          done();
        });
      },
    });
    server.on('error', () => undefined);
    this.server = server;
    await new Promise<void>((up) => server.listen(this.port, '127.0.0.1', () => up()));
  }

  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise<void>((closed) => server.close(() => closed()));
  }

  about(subject: string, uuid: string): Received[] {
    return this.received.filter(
      ({ text }) => decoded(text).includes(subject) && decoded(text).includes(uuid),
    );
  }
}

/** Quoted-printable and encoded words, as far as Danish letters go. */
const decoded = (text: string): string => {
  const body = text.replace(/=\r\n/g, '').replace(/\r\n\s/g, ' ');
  const bytes = body.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').replace(/_/g, ' ');
};

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });

async function until<T>(look: () => Promise<T | null> | T | null): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await pause(100);
  }
}

let mailbox: Mailbox;
let service: RunningService;
let at: Parties;
beforeAll(async () => {
  mailbox = new Mailbox(await freePort());
  await mailbox.up();
  service = await runningApp(accessControl, { SMTP: `smtp://127.0.0.1:${mailbox.port}` });
  at = await Parties.in(service);
});
afterAll(async () => {
  await service.close();
  await mailbox.down();
});

interface Written {
  readonly om: string;
  readonly emne: string;
  readonly tekst: string;
  readonly til: string | null;
  readonly sendt: string | null;
}
const written = async (uuid: string): Promise<Written[]> => {
  const answer = await service.send('GET', '/adgangsstyring/dev/post', { token: null });
  return jsonOf<{ data: Written[] }>(answer)
    .data.filter(({ om }) => om === uuid)
    .reverse();
};
const subjects = async (uuid: string): Promise<string[]> =>
  (await written(uuid)).map(({ emne }) => emne.split(':')[0]!);
/** Once so much has been written about an agreement, its last step has been. */
const whenWritten = (uuid: string, count: number) =>
  until(async () => ((await written(uuid)).length >= count ? written(uuid) : null));
const rows = async (text: string, owner: string | null = TOWN) =>
  (
    await service.database.run(
      { owner },
      { name: `spec-${createHash('sha1').update(text).digest('hex')}`, text },
    )
  ).rows;
const soon = (set: string, table = 'mail', where = 'sent_at is null') =>
  rows(`update ${table} set ${set} where owner = ${Number(TOWN)} and ${where}`);

test('waits for the municipality to say where its mail goes', async () => {
  const uuid = await at.through(await at.draft(), 'anmod');
  const [mail] = await whenWritten(uuid, 1);
  expect([mail?.emne, mail?.til, mail?.sendt]).toEqual([
    'Serviceaftale afventer godkendelse: En aftale',
    null,
    null,
  ]);
  expect(outcomeOf(await at.nobody.send('PUT', 'v1/postkasser', { adresse: 'aftaler@kommune.dk' }))).toEqual([
    403,
    'ingen_rettighed',
  ]);
  for (const adresse of ['', 'a', 'a@b', 'a@b.dk, c@d.dk', 'a@b.dk\r\nBcc: c@d.dk'])
    expect(outcomeOf(await at.municipality.send('PUT', 'v1/postkasser', { adresse }))).toEqual([
      400,
      'ugyldigt_indhold',
    ]);
  expect(await at.municipality.read('v1/postkasser')).toEqual({ adresse: null });
  const set = await at.municipality.send('PUT', 'v1/postkasser', { adresse: 'aftaler@kommune.dk' });
  expect(outcomeOf(set)).toEqual([200]);
  const [received] = await until(() => {
    const found = mailbox.about('afventer godkendelse', uuid);
    return found.length > 0 ? found : null;
  });
  expect(received?.to).toBe('aftaler@kommune.dk');
});

test('each step is told of to the other party', async () => {
  const uuid = await at.through(
    await at.draft(),
    'anmod',
    'afvis',
    'anmod',
    'traek',
    'anmod',
    'godkend',
    ['ny-version', { rolle: [{ id: 'b', servicesystemrolle: at.ids.bare }] }],
    'traek',
    ['ny-version', { rolle: [{ id: 'b', servicesystemrolle: at.ids.bare }] }],
    'godkend',
    'ophaev',
  );
  await whenWritten(uuid, 11);
  const vendor = 'drift@leverandoer.dk';
  const mails = await written(uuid);
  expect(mails.map(({ emne, til }) => [emne.split(':')[0], til])).toEqual([
    ['Serviceaftale afventer godkendelse', null],
    ['Serviceaftale er afvist', vendor],
    ['Serviceaftale afventer godkendelse', null],
    ['Anmodning om serviceaftale er trukket', null],
    ['Serviceaftale afventer godkendelse', null],
    ['Serviceaftale er godkendt', vendor],
    ['Ny version af serviceaftale afventer godkendelse', null],
    ['Ny version af serviceaftale er trukket eller afvist', vendor],
    ['Ny version af serviceaftale afventer godkendelse', null],
    ['Ny version af serviceaftale er godkendt', vendor],
    ['Serviceaftale er ophævet', vendor],
  ]);
});

test('T90: a number of a person that somebody wrote is not sent', async () => {
  const uuid = await at.draft({ egenskaber: { navn: 'Om 251248-4916 og 2512484916' } });
  await at.through(uuid, ['anmod', { note: '2512484916' }]);
  const [mail] = await whenWritten(uuid, 1);
  expect(`${mail?.emne} ${mail?.tekst}`).not.toMatch(/\d{6}-?4916/);
  expect(mail?.emne).toContain('Om [fjernet] og [fjernet]');
});

test('a server that is down, and then refuses: nothing is lost, and nothing comes twice', async () => {
  await mailbox.down();
  const uuids: string[] = [];
  for (let n = 0; n < 3; n++) uuids.push(await at.through(await at.draft(), 'anmod'));
  for (const uuid of uuids) await whenWritten(uuid, 1);
  // Tried, and not lost.
  await until(async () => {
    await soon('next_at = clock_timestamp()');
    const text = `select 1 from mail where owner = ${Number(TOWN)} and failure is not null and sent_at is null`;
    return (await rows(text)).length > 0 ? true : null;
  });
  mailbox.refusals = 2;
  await mailbox.up();
  await until(async () => {
    await soon(`next_at = clock_timestamp()`, 'mail', 'sent_at is null and failure is not null');
    const unsent = (await Promise.all(uuids.map(written))).flat().filter(({ sendt }) => sendt === null);
    return unsent.length === 0 ? true : null;
  });
  for (const uuid of uuids) {
    const received = mailbox.about('afventer godkendelse', uuid);
    expect(received).toHaveLength(1);
    expect(received[0]?.text).toMatch(/^Message-ID: <[0-9a-f-]{36}@/m);
  }
});

test('what waits is told of again until it is answered', async () => {
  const uuid = await at.through(await at.draft(), 'anmod');
  await whenWritten(uuid, 1);
  for (let count = 2; count <= 3; count++) {
    await soon(`next_at = clock_timestamp()`, 'mail_reminder', `agreement = '${uuid}'`);
    await whenWritten(uuid, count);
  }
  expect(await subjects(uuid)).toEqual(['Serviceaftale afventer godkendelse', 'Påmindelse', 'Påmindelse']);
  await at.through(uuid, 'godkend');
  await whenWritten(uuid, 4);
  expect(await rows(`select 1 from mail_reminder where agreement = '${uuid}'`)).toEqual([]);
});

test('events that are read once more are not written about once more', async () => {
  const uuid = await at.through(await at.draft(), 'anmod', 'godkend');
  await whenWritten(uuid, 2);
  const count = async () => Number((await rows('select count(*) as count from mail'))[0]?.['count']);
  const before = await count();
  await rows('update mail_checkpoint set position = 0', null);
  const next = await at.through(await at.draft(), 'anmod');
  await whenWritten(next, 1);
  expect(await count()).toBe(before + 1);
});

test('a test agreement concerns nobody; another municipality is not told', async () => {
  const other = await Parties.in(service, '87654321');
  const uuid = await at.through(await at.draft({ egenskaber: { aftaletype: 'Test' } }), 'anmod');
  const theirs = await other.through(await other.draft(), 'anmod');
  await whenWritten(theirs, 1);
  expect(await written(uuid)).toEqual([]);
  expect(mailbox.about('afventer godkendelse', theirs)).toEqual([]);
});

test('developers can look at it in a browser', async () => {
  const page = await service.send('GET', '/adgangsstyring/dev/post', {
    token: null,
    headers: { accept: 'text/html,*/*;q=0.8' },
  });
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.text).toContain('<h2>Serviceaftale afventer godkendelse: En aftale</h2>');
});
