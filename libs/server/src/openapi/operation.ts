import { TITLES } from '../answer/problem';
import { ref, type Schema } from './schema';

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required?: boolean;
  readonly description: string;
  readonly schema: Schema;
}

/** What an operation answers when it does what it is asked. */
export interface Success {
  readonly status: number;
  readonly description: string;
  readonly headers?: readonly string[];
  readonly content?: Readonly<Record<string, Schema>>;
}

export interface OperationFacts {
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly (Parameter | Schema)[];
  readonly body?: { readonly required: boolean; readonly content: Readonly<Record<string, Schema>> };
  readonly answers: readonly Success[];
  /** Status codes of its problems, beside those that every operation has. */
  readonly problems?: readonly number[];
  /** Without a token. */
  readonly open?: boolean;
}

const EVERYWHERE = [400, 406, 500, 503];
const WITH_TOKEN = [401, 403, 429];
const WITH_BODY = [408, 413, 415];
const ECHOED = ['x-TransaktionsId', 'x-TransaktionsTid', 'traceparent'];

const headersOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const contentOf = (content: Readonly<Record<string, Schema>>) =>
  Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]));

/** One operation of the document: what it takes, gives and refuses. */
export function operation({
  id,
  tag,
  summary,
  description,
  parameters = [],
  body,
  answers,
  problems = [],
  open,
}: OperationFacts) {
  const refusals = [...EVERYWHERE, ...(open ? [] : WITH_TOKEN), ...(body ? WITH_BODY : []), ...problems];
  const responses = Object.fromEntries([
    ...[...new Set(refusals)].map((status) => [
      String(status),
      { $ref: `#/components/responses/Problem${status}` },
    ]),
    ...answers.map(({ status, description: text, headers = [], content }) => [
      String(status),
      {
        description: text,
        headers: headersOf([...ECHOED, ...headers]),
        ...(content ? { content: contentOf(content) } : {}),
      },
    ]),
  ]) as Record<string, unknown>;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: [{ $ref: '#/components/parameters/x-TransaktionsId' }, ...parameters],
    ...(body ? { requestBody: { required: body.required, content: contentOf(body.content) } } : {}),
    responses,
    ...(open ? { security: [] } : {}),
  };
}

/** Headers that some refusals carry. */
const CARRIED: Readonly<Record<number, readonly string[]>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  409: ['Retry-After'],
  412: ['ETag'],
  429: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  503: ['Retry-After'],
};

/** One response for each status that anything is refused with. */
export const problemResponses = () =>
  Object.fromEntries(
    Object.entries(TITLES).map(([status, description]) => [
      `Problem${status}`,
      {
        description,
        headers: headersOf([...ECHOED, ...(CARRIED[Number(status)] ?? [])]),
        content: { 'application/problem+json': { schema: ref('Problem') } },
      },
    ]),
  );
