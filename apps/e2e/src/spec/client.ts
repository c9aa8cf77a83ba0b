import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Platform, ROOT } from './platform';

const CLI = join(ROOT, 'tools/dist/cli.js');

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run -s cli -- …`, without the build that it begins with. */
export async function cli(
  platform: Pick<Platform, 'environment'>,
  ...args: string[]
): Promise<CommandResult> {
  const options = { cwd: ROOT, env: platform.environment, maxBuffer: 64 * 1024 * 1024 };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [CLI, ...args], options);
    return { code: 0, stdout, stderr };
  } catch (cause) {
    const { code, stdout, stderr } = cause as CommandResult;
    return { code, stdout, stderr };
  }
}

export interface Event {
  readonly id: string;
  readonly subject: string;
  readonly sequence: string;
  readonly objekthandling: string;
  readonly data: { readonly nummer: number };
}

/** A case system: its token, and what it says to Klassifikation. */
export class Client {
  private constructor(
    private readonly platform: Pick<Platform, 'url'>,
    private readonly token: string,
  ) {}

  static async of(platform: Platform, cvr = '12345678'): Promise<Client> {
    const asked = ['--system', 'demo-fagsystem', '--service', 'klassifikation', '--cvr', cvr];
    const { code, stdout, stderr } = await cli(platform, 'token', ...asked);
    if (code !== 0) throw new Error(stderr);
    return new Client(platform, stdout.trim());
  }

  /** The same client at a platform that has been started again, or on another way to it. */
  at(platform: Pick<Platform, 'url'>): Client {
    return new Client(platform, this.token);
  }

  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.platform.url}/klassifikation/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async read<T>(path: string): Promise<T> {
    const answer = await this.send('GET', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  createFacet(key: string, headers?: Record<string, string>): Promise<Response> {
    const egenskaber = [{ virkning: { fra: '2020-01-01T00:00:00Z' }, brugervendtNoegle: key }];
    return this.send('POST', 'facetter', { attributter: { egenskaber } }, headers);
  }

  /** The whole feed, page by page. */
  async events(): Promise<Event[]> {
    const found: Event[] = [];
    for (;;) {
      const page = await this.read<Event[]>(
        `haendelser?efter=${Number(found.at(-1)?.sequence ?? 0)}&limit=500`,
      );
      if (page.length === 0) return found;
      found.push(...page);
    }
  }
}
