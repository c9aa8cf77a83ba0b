import { resolve } from 'node:path';
import { isUuid } from '@stoettesystemer/object';

export type Profile = 'udvikling' | 'produktion';

const SECOND = 1000;
const KIB = 1024;

/** Every wait, size and bound of the server, in milliseconds and bytes where nothing else is said (R13). */
export const limits = {
  body: {
    /** C11. An object with 900 journal entries is some 300 KiB. */
    size: KIB * KIB,
    /** From the first byte to the last. */
    time: 30 * SECOND,
    /** How long the rest of a refused body is read and thrown away, so that the sender gets to read the refusal. */
    linger: 1 * SECOND,
  },
  import: {
    lineSize: KIB * KIB,
    /** Lines of one transaction, and the bytes after which a batch is sent off with fewer. */
    batchLines: 400,
    batchSize: 2 * KIB * KIB,
    /** Read ahead while the database works. */
    readAhead: KIB * KIB,
  },
  http: {
    /** O7; Node's own are 60 s, none and 5 s. The ingress must give up first, hence the odd 65 s. */
    headersTimeout: 10 * SECOND,
    keepAliveTimeout: 65 * SECOND,
    /** A connection on which neither side has sent anything. Longer than any long poll and any statement. */
    idleTimeout: 120 * SECOND,
    maxHeaderSize: 16 * KIB,
    checkInterval: 2 * SECOND,
    parameters: 100,
  },
  /** Characters and items of what the declarations leave open. */
  text: { decimal: 40, label: 255, texts: 1000, note: 1024, index: 36, word: 100, cursor: 4096, urn: 255 },
  search: { limit: 100, most: 500, operands: 1000, sortKeys: 10 },
  readMany: 500,
  /** The feed's own bounds, which it checks; here for what we write about it. */
  feed: { limit: 100, most: 500, longestWait: 25 },
  /** Bytes of ready answers that a service keeps: some hundred thousand small objects. */
  copies: 128 * 1024 * 1024,
  shutdown: {
    /** How long those who have a connection are answered after the door is shut. */
    farewell: 300,
    /** R12: what is under way is finished by then, or cut off … */
    quiet: 15 * SECOND,
    /** … and whatever still holds the process is left behind. */
    last: 20 * SECOND,
  },
  retryAfter: { /** Seconds. */ unavailable: 2, locked: 1 },
} as const;

/** What the surroundings decide. */
export interface Settings {
  readonly profile: Profile;
  readonly port: number;
  readonly dataDir: string;
  /** External PostgreSQL; null for the embedded one. */
  readonly databaseUrl: string | null;
  /** Port of Prometheus metrics on the loopback or pod address; null for none. */
  readonly metricsPort: number | null;
  readonly logLevel: string;
  /** Bytes of memory for ready answers. */
  readonly copies: number;
  /** What clients write before our paths: `https://api.example.dk`. */
  readonly externalUrl: string;
  /** `iss` of the tokens, and the address or file of its public keys. */
  readonly issuer: string;
  readonly issuerKeys: string;
  /** Where Adgangsstyring is, for services that ask it; null when tokens are another's and it is not told where. */
  readonly accessControl: string | null;
  /** Where Adgangsstyring tells what has been taken back; null when tokens are another's, and nobody tells. */
  readonly revocations: string | null;
  /** File with the secret that signs cursors, the same for every instance of a service. */
  readonly cursorSecretFile: string;
  /** File with the key for the pseudonyms of citizens in the security log, the same for all services. */
  readonly pseudonymKeyFile: string;
  /** File with the key that signs the security log's daily roots. */
  readonly logKeyFile: string;
  /** File with the key that the content of messages is sealed with, the same in all processes of Beskedfordeler. */
  readonly messageKeyFile: string;
  /** File with the secret that pushed messages' keys are made of, the same in all processes of Beskedfordeler. */
  readonly pushKeyFile: string;
  /** Ranges of addresses that messages may be pushed to although they are inside: `127.0.0.0/8,::1/128`. */
  readonly receiverExceptions: string;
  /** Days that a message and what became of it are kept. */
  readonly messageDays: number;
  /** The it-system that this installation's services are, where they call one another: its UUID and its key. */
  readonly ownSystem: { readonly uuid: string; readonly keyFile: string } | null;
  /** Requests a second and at once of one it-system for one municipality; null for the profile's own. */
  readonly rate: { readonly perSecond: number; readonly burst: number } | null;
  /** SMTP server for notices, `smtp://host:25`, and who they are from; null for none. */
  readonly smtp: string | null;
  readonly mailFrom: string;
  /** Exact addresses of the proxies in front of us; what they say of where a request comes from is believed. */
  readonly proxyAddresses: readonly string[];
  /** Where Beskedfordeler is, which the services' events are sent to; false: to none; null when nobody says. */
  readonly distributor: string | false | null;
  /** RabbitMQ for dueslag that are queues, `amqps://user:password@host/vhost`; null for none. */
  readonly broker: string | null;
  /** Header in which trusted proxies pass the client's certificate on, and their exact addresses. */
  readonly proxies: { readonly header: string; readonly addresses: readonly string[] } | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const portOf = (name: string, text: string | undefined): number | null => {
  if (text === undefined || text === '') return null;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${name} skal være et portnummer.`);
  return port;
};

function profileOf(text: string | undefined): Profile {
  const profile = text || 'udvikling';
  if (profile !== 'udvikling' && profile !== 'produktion')
    throw new Error('PROFIL skal være udvikling eller produktion.');
  return profile;
}

function distributorOf(text: string | undefined): Settings['distributor'] {
  if (!text) return null;
  if (text === 'nej') return false;
  if (!/^https?:\/\//.test(text)) throw new Error('BESKEDFORDELER skal være en adresse eller nej.');
  return withoutSlash(text);
}

function brokerOf(text: string | undefined): string | null {
  if (!text) return null;
  // The address holds a password, so it is not repeated.
  if (!/^amqps?:\/\//.test(text)) throw new Error('BROKER skal være en adresse som amqps://host.');
  return text;
}

/** `50/100`: fifty a second, a hundred at once. */
function rateOf(text: string | undefined): Settings['rate'] {
  if (!text) return null;
  const [, perSecond, burst] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  if (!Number(perSecond) || !Number(burst)) throw new Error('RATE skal have formen 50/100.');
  return { perSecond: Number(perSecond), burst: Number(burst) };
}

const MEGABYTE = 1024 * 1024;

/** In MB; 0 for none. */
function copiesOf(text: string | undefined): number {
  if (!text) return limits.copies;
  if (!/^\d{1,6}$/.test(text)) throw new Error('MELLEMLAGER skal være et antal MB.');
  return Number(text) * MEGABYTE;
}

const proxyAddressesOf = (environment: Environment): string[] =>
  (environment['PROXYER'] || '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
function daysOf(text: string | undefined): number {
  if (!text) return 30;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error('BESKED_DAGE skal være et antal dage.');
  return Number(text);
}

/** At their own desk, somebody may push to it. Elsewhere nothing inside is reached, whatever a receiver registers (C19). */
function exceptionsOf(text: string | undefined, profile: Profile): string {
  if (profile === 'produktion' && text)
    throw new Error('PUSH_UNDTAGET kan ikke sættes i profil produktion: der sendes intet til det indre net.');
  return profile === 'produktion' ? '' : (text ?? '127.0.0.0/8,::1/128');
}

function ownSystemOf(environment: Environment): Settings['ownSystem'] {
  const uuid = environment['EGET_SYSTEM'];
  const keyFile = environment['EGET_SYSTEM_NOEGLE'];
  if (!uuid && !keyFile) return null;
  if (!uuid || !keyFile) throw new Error('EGET_SYSTEM og EGET_SYSTEM_NOEGLE skal sættes sammen.');
  if (!isUuid(uuid)) throw new Error('EGET_SYSTEM skal være UUID på et it-system.');
  return { uuid: uuid.toLowerCase(), keyFile: resolve(keyFile) };
}

function proxiesOf(environment: Environment): Settings['proxies'] {
  const header = environment['CERTIFIKAT_HEADER'];
  const addresses = proxyAddressesOf(environment);
  if (!header) return null;
  if (addresses.length === 0)
    throw new Error('CERTIFIKAT_HEADER kræver PROXYER: adresserne på de proxyer, der sætter den.');
  return { header: header.toLowerCase(), addresses };
}

/** Who issues tokens: Adgangsstyring, unless the keys of another are named. */
function issuerOf(
  environment: Environment,
  externalUrl: string,
  port: number,
): Pick<Settings, 'issuer' | 'issuerKeys' | 'accessControl' | 'revocations'> {
  const keys = environment['UDSTEDER_NOEGLER'] || null;
  const said = environment['ADGANGSSTYRING'] || null;
  if (said !== null && !/^https?:\/\//.test(said)) throw new Error('ADGANGSSTYRING skal være en adresse.');
  const inside = withoutSlash(said ?? `http://127.0.0.1:${port}/adgangsstyring`);
  const accessControl = keys !== null && said === null ? null : inside;
  return {
    accessControl,
    issuer: environment['UDSTEDER'] || `${externalUrl}/adgangsstyring`,
    issuerKeys: keys ?? `${inside}/jwks`,
    revocations: accessControl === null ? null : `${accessControl}/tilbagekaldelser`,
  };
}

const withoutSlash = (address: string): string => address.replace(/\/$/, '');

/** Reads the environment, the only place that does. @throws Error, in Danish, naming the variable that is wrong. */
export function settingsFrom(environment: Environment = process.env): Settings {
  const profile = profileOf(environment['PROFIL']);
  const port = portOf('PORT', environment['PORT']) ?? 3000;
  const dataDir = resolve(environment['DATA_DIR'] || '.data');
  const externalUrl = withoutSlash(environment['EKSTERN_URL'] || `http://localhost:${port}`);
  if (profile === 'produktion' && !environment['EKSTERN_URL'])
    throw new Error('EKSTERN_URL skal være sat i profil produktion.');
  if (!URL.canParse(externalUrl)) throw new Error('EKSTERN_URL skal være en adresse.');
  return {
    profile,
    port,
    dataDir,
    databaseUrl: environment['DATABASE_URL'] || null,
    metricsPort: portOf('METRIKPORT', environment['METRIKPORT']),
    logLevel: environment['LOGNIVEAU'] || 'info',
    copies: copiesOf(environment['MELLEMLAGER']),
    externalUrl,
    ...issuerOf(environment, externalUrl, port),
    rate: rateOf(environment['RATE']),
    smtp: environment['SMTP'] || null,
    distributor: distributorOf(environment['BESKEDFORDELER']),
    broker: brokerOf(environment['BROKER']),
    mailFrom: environment['POST_FRA'] || 'stoettesystemer@localhost',
    proxyAddresses: proxyAddressesOf(environment),
    proxies: proxiesOf(environment),
    messageKeyFile: resolve(environment['BESKED_NOEGLE'] || `${dataDir}/besked.noegle`),
    pushKeyFile: resolve(environment['PUSH_NOEGLE'] || `${dataDir}/push.noegle`),
    receiverExceptions: exceptionsOf(environment['PUSH_UNDTAGET'], profile),
    messageDays: daysOf(environment['BESKED_DAGE']),
    ownSystem: ownSystemOf(environment),
    pseudonymKeyFile: resolve(environment['PSEUDONYM_NOEGLE'] || `${dataDir}/pseudonym.noegle`),
    logKeyFile: resolve(environment['SIKKERHEDSLOG_NOEGLE'] || `${dataDir}/sikkerhedslog.noegle`),
    cursorSecretFile: resolve(environment['CURSOR_NOEGLE'] || `${dataDir}/cursor.noegle`),
  };
}
