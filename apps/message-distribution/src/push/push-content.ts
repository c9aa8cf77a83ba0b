import { EVENT_TYPE } from '../envelope/cloud-event/cloud-event';
import type { CloudEvent } from '../envelope/cloud-event/cloud-event';
import { readReturn, TAKEN_OVER } from '../envelope/xml/modtag-besked';
import { writeMessage } from '../envelope/xml/write-message';
import { type Verdict, verdictOf } from '../standard-webhooks/retry-schedule';
import type { Answer } from './receiver-calls';

/** What an answer is, and a word for what it was not. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** How messages are written in one envelope, and what its receivers answer. */
interface Content {
  readonly type: string;
  write(event: CloudEvent): string;
  /** Whether the answer's body says more than its status. */
  readonly isRead: boolean;
  judge(answer: Answer): Judgement;
}

const byStatus = ({ status }: Answer): Judgement => ({
  verdict: verdictOf(status),
  reason: `http_${status}`,
});

/** KOMBIT's receivers answer 200 with a StandardRetur, in which 20 is that the message has been taken over. */
function byReturn(answer: Answer): Judgement {
  if (answer.status !== 200) {
    const { verdict, reason } = byStatus(answer);
    return { verdict: verdict === 'delivered' ? 'retry' : verdict, reason };
  }
  const code = readReturn(answer.body)?.code;
  if (code === undefined) return { verdict: 'retry', reason: 'standardretur' };
  return { verdict: code === TAKEN_OVER ? 'delivered' : 'retry', reason: `standardretur_${code}` };
}

export const CONTENT: Readonly<Record<'cloudevents' | 'xml', Content>> = {
  cloudevents: {
    type: `${EVENT_TYPE}; charset=utf-8`,
    write: (event) => JSON.stringify(event),
    isRead: false,
    judge: byStatus,
  },
  xml: {
    type: 'text/xml; charset=utf-8',
    write: (event) => writeMessage(event, { isPushed: true }),
    isRead: true,
    judge: byReturn,
  },
};
