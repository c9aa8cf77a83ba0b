import type { RunningService } from '@stoettesystemer/testing';
import { type Entry, isRefused } from '../source/entry';
import { runsOf } from '../source/identity';

/** Parameters of a run, beside the source's name and form. */
export type Wish = Readonly<Record<string, string>>;

export interface Told {
  readonly answers: readonly Record<string, unknown>[];
  /** The last line. */
  readonly last: Record<string, unknown>;
}

export const CVR = '12345678';

/** A directory of the demo municipality that is sent by its it-system. */
export class Directory {
  readonly uuid: string;

  constructor(
    private readonly service: RunningService,
    readonly name: string,
  ) {
    this.uuid = runsOf(CVR, name);
  }

  path(wish: Wish = {}): string {
    const query = new URLSearchParams({ kilde: this.name, form: 'ndjson', ...wish });
    return `/organisation/v1/synkroniseringer/${this.uuid}/indlaesninger?${query.toString()}`;
  }

  async sendLines(lines: readonly object[], wish: Wish = {}, token?: string): Promise<Told> {
    const answer = await this.service.send('POST', this.path(wish), {
      body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      headers: { 'content-type': 'application/x-ndjson' },
      token: token ?? (await this.service.token()),
    });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    const answers = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return { answers: answers.filter((each) => !('naaet' in each)), last: answers.at(-1)! };
  }

  /** All that the directory has, and that it is all. */
  async run(lines: readonly object[], wish: Wish = {}, token?: string): Promise<Told> {
    return this.sendLines([...lines, { slut: true, antal: lines.length }], wish, token);
  }

  async runEntries(entries: readonly Entry[], wish: Wish = {}): Promise<Told> {
    return this.run(
      entries.map((entry) =>
        isRefused(entry)
          ? { udeladt: entry.uuids ?? [] }
          : { objekttype: entry.type, uuid: entry.uuid, ...entry.sections },
      ),
      wish,
    );
  }
}
