import type { Declaration } from '@stoettesystemer/object';
import { headers, parameters } from './headers';
import { objectSchemas } from './object-schemas';
import { problemResponses } from './operation';
import type { Schema } from './schema';
import { searchSchemas } from './search-schemas';
import { servicePaths } from './service-paths';
import { sharedSchemas } from './shared-schemas';
import { typePaths } from './type-paths';

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

export interface ServiceWords {
  /** Prefix: `klassifikation`. */
  readonly service: string;
  /** As people know it: `Klassifikation`. */
  readonly title: string;
  readonly description?: string;
}

/** What a service has beside the operations on its types, in the words of OpenAPI. */
export interface Additions {
  readonly paths?: Readonly<Record<string, unknown>>;
  readonly schemas?: Readonly<Record<string, Schema>>;
}

/** The OpenAPI 3.1 document of a service, from its declarations and nothing else (C2). */
export function openApi(
  { service, title, description }: ServiceWords,
  types: readonly Declaration[],
  { paths = {}, schemas = {} }: Additions = {},
): OpenApi {
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: '1.0.0',
      description:
        description ?? 'Alle støttesystemer taler den samme kontrakt: den, der kan ét af dem, kan dem alle.',
      license: { name: 'MPL-2.0', identifier: 'MPL-2.0' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/' }],
    security: [{ adgangstoken: [] }],
    tags: [
      ...types.map(({ name, doc }) => ({ name, description: doc })),
      { name: 'Tjenesten', description: 'Det, som alle tjenester har.' },
    ],
    paths: {
      ...Object.fromEntries(types.flatMap((type) => Object.entries(typePaths(service, type)))),
      ...servicePaths(service, types),
      ...paths,
    },
    components: {
      securitySchemes: {
        adgangstoken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'Adgangstoken (RFC 9068) til denne tjeneste og én kommune; i drift bundet til klienten med DPoP.',
        },
      },
      headers,
      parameters,
      responses: problemResponses(),
      schemas: {
        ...sharedSchemas,
        ...Object.fromEntries(
          types.flatMap((type) => [
            ...Object.entries(objectSchemas(type)),
            ...Object.entries(searchSchemas(type)),
          ]),
        ),
        ...schemas,
      },
    },
  };
}
