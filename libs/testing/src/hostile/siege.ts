import type { Database } from '@stoettesystemer/postgres';
import type { Answer, Sent } from '../running-service';
import { type Attempt, describeAttempt } from './attempt';
import type { Lines } from './attempts';
import type { Path } from './spoiled';
import { stepsOf } from './spoiled';

/** A running service as the generator needs it; a `RunningService` is one. */
export interface Besieged {
  readonly document: unknown;
  /** Where it is: `http://localhost:3000`. */
  readonly url: string;
  readonly database: Database;
  token(wish?: { readonly system: string; readonly cvr: string }): Promise<string>;
  /** @throws Error when the answer is not one that the document promises. */
  send(method: string, path: string, sent?: Sent): Promise<Answer>;
}

interface Known {
  readonly uuid: string;
  etag: string;
}
interface Problem {
  readonly status: number;
  readonly kode: string;
  readonly fejl: readonly { readonly sti: string }[];
}

const BASE = /^(.*)\/\{uuid\}/;

/** What has been sent, and what is there because of it. */
export class Siege {
  sent = 0;
  readonly statuses = new Map<number, number>();
  private readonly known = new Map<string, Known[]>();
  private readonly uuids: string[] = [];

  constructor(
    private readonly target: Besieged,
    private readonly tokenFor: (operation: string) => Promise<string> = () => target.token(),
    /** Codes of 403 by which a rule refuses what the document allows. */
    private readonly denials: readonly string[] = [],
  ) {}

  /** Anything that was made, to point at. */
  readonly anything = (pick: number): string | undefined => this.uuids[pick % Math.max(1, this.uuids.length)];

  /** How many objects there are that the template is about. */
  howMany(template: string): number {
    return this.known.get(BASE.exec(template)?.[1] ?? template)?.length ?? 0;
  }

  /** @throws Error when the answer is not what the document promises for the attempt. */
  async send(attempt: Attempt): Promise<Answer> {
    const { operation, type, body } = attempt;
    const object = this.objectOf(attempt);
    const path = this.pathOf(attempt, object);
    const tag =
      operation.parameters.some(({ name }) => name === 'If-Match') && attempt.matches
        ? object?.etag
        : undefined;
    const headers = {
      ...attempt.headers,
      'content-type': type ?? undefined,
      ...(tag === undefined ? {} : { 'if-match': tag }),
    };
    const token = operation.open ? null : await this.tokenFor(operation.id);
    try {
      const answer = await this.target.send(operation.method, path, {
        headers,
        token,
        ...(body === undefined || body === '' ? {} : { body }),
      });
      this.note(answer, object);
      judge(attempt, answer, this.denials);
      return answer;
    } catch (cause) {
      throw new Error(`${describeAttempt(attempt)}\nsent to ${path}\n${(cause as Error).message}`, { cause });
    }
  }

  /** A file where each line is answered by itself, in order, and those that are wrong are refused. */
  async sendLines({ attempt, good }: Lines): Promise<void> {
    const { text } = await this.send(attempt);
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { linje?: number; status?: number; i_alt?: number });
    const tally = answers.pop();
    const isRight = good.every((isGood, at) => {
      const { linje, status = 0 } = answers[at] ?? {};
      const isFine = isGood ? [200, 201, 404, 409, 422].includes(status) : status >= 400 && status < 500;
      return linje === at + 1 && isFine;
    });
    if (!isRight || answers.length !== good.length || tally?.i_alt !== good.length)
      throw new Error(`${describeAttempt(attempt)}\n${JSON.stringify(good)}\n${text}`);
  }

  /** A method that the address does not have: 405, and which it has. */
  async sendOtherMethod(attempt: Attempt, method: string): Promise<void> {
    const path = this.pathOf(attempt, this.objectOf(attempt));
    const answer = await fetch(`${this.target.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${await this.target.token()}` },
    });
    this.count(answer.status);
    const { kode } = (await answer.json()) as Problem;
    const allowed = answer.headers.get('allow') ?? '';
    if (answer.status !== 405 || kode !== 'metode' || allowed.split(', ').includes(method))
      throw new Error(`${method} ${path}: ${answer.status} ${kode}, Allow: ${allowed}`);
  }

  private objectOf({ operation: { template }, pick, path }: Attempt): Known | undefined {
    const base = BASE.exec(template)?.[1];
    const there = base === undefined || 'uuid' in path ? [] : (this.known.get(base) ?? []);
    return there[pick % Math.max(1, there.length)];
  }

  private pathOf({ operation: { template }, path, query }: Attempt, object: Known | undefined): string {
    const filled = template.replaceAll(
      /\{([^}]+)\}/g,
      (_, name: string) => path[name] ?? object?.uuid ?? 'd3300000-0000-4000-8000-00000000dead',
    );
    const asked = query.map(([name, value]) => `${name}=${value}`).join('&');
    return asked === '' ? filled : `${filled}?${asked}`;
  }

  private count(status: number): void {
    this.sent++;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  private note({ status, headers }: Answer, object: Known | undefined): void {
    this.count(status);
    const { location, etag } = headers;
    if (location !== undefined && etag !== undefined) {
      const [, base = '', uuid = ''] = /^(.*)\/([^/]+)$/.exec(location) ?? [];
      const there = this.known.get(base) ?? [];
      this.known.set(base, [...there, { uuid, etag }]);
      this.uuids.push(uuid);
    } else if (object && etag !== undefined && status === 200) object.etag = etag;
  }
}

/** What every answer must be, beside one that the document promises. */
function judge(
  { fault, sound, body }: Attempt,
  { status, text, headers }: Answer,
  denials: readonly string[],
): void {
  const wrong = (why: string): never => {
    throw new Error(`${why}: ${status} ${text.slice(0, 2000)}`);
  };
  if (status >= 500) wrong('a defect');
  const isDenied = status === 403 && denials.includes((JSON.parse(text) as Problem).kode);
  if ([401, 403, 429].includes(status) && !isDenied && fault === null) wrong('not about the request');
  if (fault === null) {
    if ([400, 408, 413, 415].includes(status) && !(status === 400 && !sound))
      wrong('what the document allows is refused');
    return;
  }
  if (status < 400) wrong('what is wrong is accepted');
  if (headers['location'] !== undefined) wrong('what is wrong is stored');
  const problem = JSON.parse(text) as Problem;
  if (problem.status !== status) wrong('the problem says another status');
  if (fault.path === undefined || status !== 400) return;
  if (problem.fejl.length === 0) wrong('no pointer');
  const sent = JSON.parse(body ?? 'null') as unknown;
  if (!problem.fejl.some(({ sti }) => isNear(stepsOf(sti), fault.path!)))
    wrong(`no pointer at ${JSON.stringify(fault.path)}`);
  for (const { sti } of problem.fejl)
    if (!leadsSomewhere(sent, stepsOf(sti))) wrong(`${sti} points at nothing`);
}

/** At the place, inside it, around it, or beside it in the same object: a check may need two members to fail. */
function isNear(pointer: readonly string[], path: Path): boolean {
  const place = path.map(String);
  const around = pointer.slice(0, -1);
  const isInside = (inner: readonly string[], outer: readonly string[]) =>
    outer.every((step, at) => inner[at] === step);
  return isInside(place, around) || isInside(pointer, place);
}

/** All steps but the last are in the value; the last may be what is missing. */
function leadsSomewhere(value: unknown, steps: readonly string[]): boolean {
  let held = value;
  for (const step of steps.slice(0, -1)) {
    if (typeof held !== 'object' || held === null || !Object.hasOwn(held, step)) return false;
    held = (held as Record<string, unknown>)[step];
  }
  return true;
}
