import { randomInt } from 'node:crypto';
import { type Answering, ok, ReceivingServer, status } from '../../push/spec/receiving-server';
import type { Journal } from './journal';

/** What a receiver does with a call: whether it makes the message its own, and what it answers. */
interface Conduct {
  /** Of a thousand calls. */
  readonly share: number;
  readonly takes: boolean;
  readonly fails: boolean;
  readonly answer: Answering;
}

const cut: Answering = (_, response) => void response.socket?.destroy();
const silent: Answering = () => undefined;
const CONDUCTS: readonly Conduct[] = [
  { share: 150, takes: false, fails: true, answer: status(500) },
  { share: 60, takes: false, fails: true, answer: cut },
  // It has the message, and its answer is lost.
  { share: 80, takes: true, fails: true, answer: cut },
  // Nobody hears more of it until the time is up.
  { share: 5, takes: false, fails: true, answer: silent },
  { share: 5, takes: true, fails: true, answer: silent },
  { share: 20, takes: true, fails: false, answer: (_, response) => setTimeout(() => ok(_, response), 1_500) },
];
const GOOD: Conduct = { share: 0, takes: true, fails: false, answer: ok };
/** The same message is not failed more often: it would be given up, as it should. */
const MOST = 5;

/** Receivers of webhooks that fail three calls of ten. */
export class FailingWebhooks {
  /** Whether some calls are never answered. */
  isSilent = true;
  calls = 0;
  failures = 0;
  private readonly journals = new Map<string, Journal>();
  private readonly failed = new Map<string, number>();

  private constructor(private readonly server: ReceivingServer) {}

  static async open(): Promise<FailingWebhooks> {
    const server = await ReceivingServer.open();
    const webhooks = new FailingWebhooks(server);
    server.answer = (received, response) => {
      const journal = webhooks.journals.get(received.path);
      if (!journal) return status(404)(received, response);
      const conduct = webhooks.conductTo(`${received.path} ${String(received.headers['webhook-id'])}`);
      journal.show(received.event);
      if (conduct.takes) journal.take(received.event);
      conduct.answer(received, response);
    };
    return webhooks;
  }

  /** The address of a receiver. */
  add(journal: Journal): string {
    const path = `/besked/${this.journals.size + 1}`;
    this.journals.set(path, journal);
    return this.server.at('127.0.0.1', path);
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private conductTo(message: string): Conduct {
    this.calls++;
    const before = this.failed.get(message) ?? 0;
    const conduct = before < MOST ? this.anyConduct() : GOOD;
    if (!conduct.fails) return conduct;
    this.failures++;
    this.failed.set(message, before + 1);
    return conduct;
  }

  private anyConduct(): Conduct {
    let drawn = randomInt(1000);
    const conduct = CONDUCTS.find(({ share }) => (drawn -= share) < 0) ?? GOOD;
    return conduct.answer === silent && !this.isSilent ? GOOD : conduct;
  }
}
