import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction, TcpNetConnectOpts } from 'node:net';
import { isIPv6 } from 'node:net';
import type { PermittedReceiver } from './permitted-receiver';

const SECOND = 1000;
const KEPT = {
  keepAlive: true,
  /** Connections to one receiver that are kept for the next message, and how long. */
  maxFreeSockets: 16,
  timeout: 30 * SECOND,
  scheduling: 'lifo',
} as const;

/** What a connection is known by: also the addresses that were judged, so that none is used again for others. */
interface Pinned {
  readonly pinned?: string;
}

class PlainAgent extends http.Agent {
  override getName(options: http.AgentOptions & Pinned = {}): string {
    return `${super.getName(options)} ${options.pinned ?? ''}`;
  }
}
class TlsAgent extends https.Agent {
  override getName(options: https.AgentOptions & Pinned = {}): string {
    return `${super.getName(options)} ${options.pinned ?? ''}`;
  }
}

/** Answers with the addresses that were judged, whatever the name has come to stand for since. */
const lookupOf =
  (addresses: readonly string[]): LookupFunction =>
  (_host, { all }, done) => {
    const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    const [first] = found;
    if (!first) done(new Error('No address'), '', 0);
    else if (all) done(null, found);
    else done(null, first.address, first.family);
  };

/** Connections that are kept open, each to an address that was judged. By no proxy: these agents know of none. */
export class PinnedAgents {
  private readonly plain = new PlainAgent(KEPT);
  private readonly tls: TlsAgent;

  /** @param ca certificates to believe beside those that everybody does; for specs. */
  constructor(private readonly ca?: string) {
    this.tls = new TlsAgent(KEPT);
  }

  /** @param isNew takes a connection that nothing has been sent on. */
  open(
    { url, addresses }: PermittedReceiver,
    options: http.RequestOptions,
    isNew: boolean,
  ): http.ClientRequest {
    const isTls = url.protocol === 'https:';
    const all: https.RequestOptions & Pick<TcpNetConnectOpts, 'autoSelectFamilyAttemptTimeout'> & Pinned = {
      ...options,
      agent: isNew ? false : isTls ? this.tls : this.plain,
      lookup: lookupOf(addresses),
      pinned: [...addresses].sort().join(),
      // Node's own quarter of a second is too little for one that is far away.
      autoSelectFamilyAttemptTimeout: 2 * SECOND,
      ...(isTls
        ? { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(this.ca ? { ca: this.ca } : {}) }
        : {}),
    };
    return isTls ? https.request(url, all) : http.request(url, all);
  }

  close(): void {
    this.plain.destroy();
    this.tls.destroy();
  }
}
