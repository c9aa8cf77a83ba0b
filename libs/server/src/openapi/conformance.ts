import type { OpenApi } from './open-api';
import type { Schema } from './schema';

/** An answer as a client got it. */
export interface Received {
  readonly method: string;
  /** With or without the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const DOCUMENT = 'https://openapi.invalid/document';

interface Response {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { schema: Schema }>>;
}
type Operations = Readonly<Record<string, { responses?: Readonly<Record<string, Response>> }>>;

const templateOf = (document: OpenApi, method: string, path: string): string | undefined => {
  const parts = path.split('?', 1)[0]!.split('/');
  const fits = (template: string) => {
    const wanted = template.split('/');
    const isAlike = wanted.every((part, at) => part.startsWith('{') || part === parts[at]);
    return wanted.length === parts.length && isAlike && method in (document.paths[template] as object);
  };
  const found = Object.keys(document.paths).filter(fits);
  // An address that is written out goes before one with parameters.
  return found.sort((a, b) => a.split('{').length - b.split('{').length)[0];
};

/**
 * A judge of answers by an OpenAPI document: what does not conform, in words; nothing when all does. For tests. The
 * schema library is loaded only when asked for.
 */
export async function conformance(document: OpenApi): Promise<(answer: Received) => string[]> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const { default: addFormats } = await import('ajv-formats');
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: DOCUMENT, components: document.components });
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();

  const responseOf = (template: string, method: string, status: number): Response | undefined => {
    const operations = document.paths[template] as Operations;
    const found = operations[method]?.responses?.[status];
    const name = found?.$ref?.split('/').at(-1);
    return name === undefined ? found : (document.components['responses'] as Record<string, Response>)[name];
  };
  const faultsOf = (schema: Schema, value: unknown): string[] => {
    const text = JSON.stringify(schema).replaceAll('"#/', `"${DOCUMENT}#/`);
    const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as Schema);
    compiled.set(text, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ''}`);
  };

  return ({ method, path, status, headers, body }) => {
    const name = method === 'HEAD' ? 'get' : method.toLowerCase();
    const template = templateOf(document, name, path);
    if (template === undefined) return [`${method} ${path} is not in the document`];
    const response = responseOf(template, name, status);
    if (!response) return [`${method} ${template} does not answer ${status}`];
    const type = headers['content-type']?.split(';', 1)[0] ?? '';
    if (body === '') return [];
    const schema = response.content?.[type]?.schema;
    if (!schema) return [`${method} ${template} ${status} does not answer ${type || 'with a body'}`];
    if (type.endsWith('json') && !type.endsWith('ndjson')) return faultsOf(schema, JSON.parse(body));
    if (type.endsWith('ndjson'))
      return body.split('\n').flatMap((line) => (line === '' ? [] : faultsOf(schema, JSON.parse(line))));
    return [];
  };
}
