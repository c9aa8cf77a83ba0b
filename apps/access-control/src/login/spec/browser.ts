import { inflateRawSync } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import { type RunningLogin, SYSTEM, TOWN } from './running-login';

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
export interface Form {
  readonly action: string;
  readonly fields: Record<string, string>;
  readonly button: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '');

/** Somebody's browser, in which a system has begun a login. It runs no script, and follows a redirect when told to. */
export class Browser {
  readonly uid = randomUUID();

  constructor(
    private readonly login: RunningLogin,
    { owner = TOWN, system = SYSTEM }: { owner?: string | null; system?: string } = {},
  ) {
    login.interactions.pending.set(this.uid, { uid: this.uid, system, owner, service: null, level: null });
  }

  async get(address: string): Promise<Page> {
    return this.page(
      await fetch(new URL(address, this.login.url), { redirect: 'manual', headers: this.headers }),
    );
  }

  /** As a form that another site posts: without the cookie, which is `lax`. */
  async post(address: string, fields: Record<string, string>): Promise<Page> {
    return this.page(
      await fetch(new URL(address, this.login.url), {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams(fields),
        headers: { accept: 'text/html,*/*;q=0.8' },
      }),
    );
  }

  begin(): Promise<Page> {
    return this.get(`/adgangsstyring/login/${this.uid}`);
  }

  /** Id of the request with which the browser is sent to a SAML IdP. */
  async samlRequest(idp: string): Promise<string> {
    const { headers } = await this.get(`/adgangsstyring/login/${this.uid}/idp/${idp}`);
    const xml = samlRequestIn(headers.get('location') ?? '');
    return /\bID="([^"]+)"/.exec(xml)?.[1] ?? '';
  }

  private get headers() {
    return { cookie: `login=${this.uid}`, accept: 'text/html,*/*;q=0.8' };
  }

  private async page(response: Response): Promise<Page> {
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

export const samlRequestIn = (address: string): string =>
  inflateRawSync(Buffer.from(new URL(address).searchParams.get('SAMLRequest') ?? '', 'base64')).toString();

export function formsIn({ text }: Page): Form[] {
  return [...text.matchAll(/<form method="post" action="([^"]*)">(.*?)<button>([^<]*)<\/button>/g)].map(
    ([, action = '', inner = '', button = '']) => ({
      action: plain(action),
      button: plain(button),
      fields: Object.fromEntries(
        [...inner.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
          plain(name),
          plain(value),
        ]),
      ),
    }),
  );
}

export const linksIn = ({ text }: Page): { href: string; words: string }[] =>
  [...text.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)].map(([, href = '', words = '']) => ({
    href: plain(href),
    words: plain(words),
  }));
