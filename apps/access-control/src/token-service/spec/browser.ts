import { OUTSIDE, type RunningTokenService } from './running-token-service';

interface Cookie {
  readonly value: string;
  readonly path: string;
}

/** A browser: it keeps cookies and follows the way it is sent. */
export class Browser {
  readonly cookies = new Map<string, Cookie>();

  constructor(private readonly at: RunningTokenService) {}

  async get(address: string): Promise<Response> {
    const { pathname } = new URL(address, OUTSIDE);
    const cookie = [...this.cookies]
      .filter(([, { path }]) => pathname === path || pathname.startsWith(`${path.replace(/\/$/, '')}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const response = await this.at.fetch(address, { headers: { cookie, accept: 'text/html, */*' } });
    for (const said of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = said.split(/; */);
      const [name = '', value = ''] = pair.split('=');
      const path = attributes.find((each) => each.startsWith('path='))?.slice('path='.length) ?? '/';
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, { value, path });
    }
    return response;
  }

  /** Follows redirects as long as they are ours; returns the last answer, and the address that is not. */
  async follow(address: string): Promise<{ answer: Response; outside: URL | null; way: string[] }> {
    const way: string[] = [];
    for (let next = address; ;) {
      way.push(new URL(next, OUTSIDE).pathname);
      const answer = await this.get(next);
      const location = answer.headers.get('location');
      if (location === null) return { answer, outside: null, way };
      const url = new URL(location, OUTSIDE);
      if (url.origin !== OUTSIDE) return { answer, outside: url, way };
      next = url.href;
    }
  }
}
