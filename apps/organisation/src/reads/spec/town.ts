import { organisationTypes } from '@stoettesystemer/model';
import { type Answer, runningApp, type RunningService } from '@stoettesystemer/testing';
import { RegisteredUnits } from '../../units/registered-units';
import { readsAdditions } from '../open-api';
import { ReadsModule } from '../reads.module';

/** The reads alone, without rules: also what tolerant data make must be read. */
export const runningReads = (): Promise<RunningService> =>
  runningApp({
    name: 'organisation',
    prefix: 'organisation',
    types: organisationTypes,
    modules: [ReadsModule],
    additions: readsAdditions,
    units: (database) => RegisteredUnits.in(database),
  });

export interface Virkning {
  readonly fra: string;
  readonly til?: string | null;
}
export const ALWAYS: Virkning = { fra: '2020-01-01T00:00:00Z' };
type Item = Readonly<Record<string, unknown>>;

export const pointing = (uuid: string, virkning: Virkning = ALWAYS, more: Item = {}) => ({
  virkning,
  ...more,
  reference: { uuid },
});
export const named = (members: Item, virkning: Virkning = ALWAYS) => ({
  virkning,
  brugervendtNoegle: 'n',
  ...members,
});
export const state = (vaerdi: 'Aktiv' | 'Inaktiv', virkning: Virkning = ALWAYS) => ({ virkning, vaerdi });
export const task = (kleNummer: string, klasse: string, virkning: Virkning = ALWAYS) =>
  pointing(klasse, virkning, { rolle: 'Ansvarlig', kleNummer });

interface Parts {
  readonly egenskaber?: readonly Item[];
  readonly gyldighed?: readonly Item[];
  readonly relationer?: Readonly<Record<string, readonly Item[]>>;
}
export const line = (
  objekttype: string,
  uuid: string,
  { egenskaber = [named({})], gyldighed, relationer = {} }: Parts,
) => ({
  objekttype,
  uuid,
  attributter: { egenskaber },
  ...(gyldighed ? { tilstande: { gyldighed } } : {}),
  relationer,
});

export const jsonOf = <T>({ text }: Answer): T => JSON.parse(text) as T;

/** One caller's way to the service; each answer is held against the OpenAPI document by the client. */
export class Town {
  constructor(
    private readonly service: RunningService,
    private readonly token: () => Promise<string>,
  ) {}

  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const token = await this.token();
    return this.service.send(method, `/organisation/v1/${path}`, { body, token });
  }

  /** @throws Error where the answer is not 200. */
  async read<T>(path: string, body?: unknown): Promise<T> {
    const answer = await this.send(body === undefined ? 'GET' : 'POST', path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return jsonOf<T>(answer);
  }

  /** Every page of a list. */
  async all<T>(path: string, limit = 500): Promise<T[]> {
    const found: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more = `limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: { data: T[]; naeste: string | null } = await this.read(
        `${path}${path.includes('?') ? '&' : '?'}${more}`,
      );
      found.push(...page.data);
      cursor = page.naeste;
    }
    return found;
  }

  /** Imports the objects. @throws Error where one was refused. */
  async bring(objects: readonly object[]): Promise<void> {
    const answer = await this.service.send('POST', '/organisation/v1/import', {
      body: objects.map((each) => `${JSON.stringify(each)}\n`).join(''),
      headers: { 'content-type': 'application/x-ndjson' },
      token: await this.token(),
    });
    const lines = answer.text.trimEnd().split('\n');
    const { afvist } = JSON.parse(lines.at(-1)!) as { afvist: number };
    if (afvist !== 0) throw new Error(answer.text.slice(0, 2_000));
  }
}
