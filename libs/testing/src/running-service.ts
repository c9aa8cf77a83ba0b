import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DevelopmentIssuer,
  PRIVILEGE_TYPE,
  type PrivilegeGroup,
  type TokenWish,
} from '@stoettesystemer/access';
import type { Declaration } from '@stoettesystemer/object';
import type { Database } from '@stoettesystemer/postgres';
import { testDatabase } from './test-database';

/** An answer as a client got it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A service that the spec has opened on a port of its own. */
export interface Opened {
  readonly port: number;
  /** The OpenAPI document. */
  readonly document: unknown;
  /** What in an answer is not as the document says, in words. */
  faults(answer: {
    method: string;
    path: string;
    status: number;
    headers: Answer['headers'];
    body: string;
  }): string[];
  close(): Promise<void>;
}

export interface RunningServiceOptions {
  readonly prefix: string;
  readonly types: readonly Declaration[];
  /** What rights can be to beside the objects of the types. */
  readonly passing?: readonly Declaration[];
  /** Starts the service on that database, with its keys in that folder. This library knows no server. */
  open(surroundings: { databaseUrl: string; dataDir: string }): Promise<Opened>;
}

export interface Sent {
  /** An object is sent as JSON, text and bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Null: none. Left out: demo-fagsystem for Eksempelkøbing. */
  readonly token?: string | null;
}

/** A service with its own database and port, and a client that holds every answer against the OpenAPI document. */
export interface RunningService {
  readonly prefix: string;
  readonly types: readonly Declaration[];
  readonly document: unknown;
  readonly database: Database;
  /** Of the login who owns the tables, for what no caller may see. */
  readonly databaseUrl: string;
  readonly url: string;
  token(wish?: Partial<TokenWish>): Promise<string>;
  /** A token of demo-fagsystem that has these privileges and no others. */
  tokenWith(privileges: readonly string[]): Promise<string>;
  /** A token of an it-system, alone or with a user, with exactly these groups. */
  tokenOf(groups: readonly PrivilegeGroup[], wish?: Partial<TokenWish>, subject?: string): Promise<string>;
  /** A token that is for another service. */
  tokenElsewhere(): Promise<string>;
  /** A token as `token` gives one, but that it says otherwise what it is told to. */
  tokenAs(
    wish: Partial<TokenWish>,
    otherwise: {
      readonly subject?: string;
      /** Added to those that the system has. */
      readonly privileges?: readonly string[];
      readonly constraints?: PrivilegeGroup['constraints'];
    },
  ): Promise<string>;
  /** A token that holds these groups and no others. */
  tokenHolding(groups: readonly PrivilegeGroup[], wish?: Partial<TokenWish>): Promise<string>;
  send(method: string, path: string, sent?: Sent): Promise<Answer>;
  close(): Promise<void>;
}

const USUAL = { system: 'demo-fagsystem', cvr: '12345678' };

const bytesOf = (body: unknown): string | Uint8Array<ArrayBuffer> | undefined =>
  body === undefined
    ? undefined
    : typeof body === 'string' || body instanceof Uint8Array
      ? (body as Uint8Array<ArrayBuffer>)
      : JSON.stringify(body);

export async function runningService({
  prefix,
  types,
  passing = [],
  open,
}: RunningServiceOptions): Promise<RunningService> {
  // The service migrates its database itself, as every service does when it starts.
  const {
    url: databaseUrl,
    database,
    drop,
  } = await testDatabase({ service: prefix, migrate: async () => {} });
  const dataDir = mkdtempSync(join(tmpdir(), `${prefix}-`));
  // First, for it makes the keys that the service reads.
  const issuer = await DevelopmentIssuer.open({
    profile: 'udvikling',
    directory: dataDir,
    services: { [prefix]: types },
    passing: { [prefix]: passing },
  });
  const opened = await open({ databaseUrl, dataDir });
  const url = `http://localhost:${opened.port}`;
  const token: RunningService['token'] = (wish) => issuer.issue({ ...USUAL, service: prefix, ...wish });

  const send: RunningService['send'] = async (method, path, { body, headers = {}, token: given } = {}) => {
    const bearer = given === undefined ? await token() : given;
    const bytes = bytesOf(body);
    const named = {
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...(bytes === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const present = Object.entries(named).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const response = await fetch(`${url}${path}`, {
      method,
      headers: present,
      ...(bytes ? { body: bytes } : {}),
    });
    const answer = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    };
    const faults = opened.faults({ method, path, ...answer, body: answer.text });
    if (faults.length > 0)
      throw new Error(
        `${method} ${path}: ${answer.status} is not as the document says\n${faults.join('\n')}\n${answer.text}`,
      );
    return answer;
  };

  return {
    prefix,
    types,
    document: opened.document,
    database,
    databaseUrl,
    url,
    token,
    tokenWith: (privileges) => {
      const claims = issuer.claims({ ...USUAL, service: prefix });
      const [group] = claims['authorization_details'] as object[];
      return issuer.sign({ ...claims, authorization_details: [{ ...group, privileges }] });
    },
    tokenOf: (groups, wish, subject) => {
      const claims = issuer.claims({ ...USUAL, service: prefix, ...wish });
      const identifier = claims['cvr'];
      const details = groups.map((group) => ({ type: PRIVILEGE_TYPE, identifier, ...group }));
      return issuer.sign({ ...claims, sub: subject ?? claims.sub, authorization_details: details });
    },
    tokenElsewhere: () =>
      issuer.sign({
        ...issuer.claims({ ...USUAL, service: prefix }),
        aud: 'urn:stoettesystemerne:service:et-andet-sted',
      }),
    tokenAs: (wish, { subject, privileges = [], constraints = {} }) => {
      const claims = issuer.claims({ ...USUAL, service: prefix, ...wish });
      const [group] = claims['authorization_details'] as [PrivilegeGroup];
      const told = {
        ...group,
        privileges: [...group.privileges, ...privileges],
        constraints: { ...group.constraints, ...constraints },
      };
      // A person has rights of their own beside the system's.
      const details = subject === undefined ? [told] : [told, { ...told, kind: 'user' }];
      return issuer.sign({ ...claims, sub: subject ?? claims.sub, authorization_details: details });
    },
    tokenHolding: (groups, wish) => {
      const claims = issuer.claims({ ...USUAL, service: prefix, ...wish });
      const details = groups.map((group) => ({ type: PRIVILEGE_TYPE, identifier: claims['cvr'], ...group }));
      return issuer.sign({ ...claims, authorization_details: details });
    },
    send,
    close: async () => {
      await opened.close();
      await drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
