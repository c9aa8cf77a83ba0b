/** JSON Schema 2020-12, as far as the documents use it. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

/** One operation of an OpenAPI document, with every reference followed but those inside schemas. */
export interface Operation {
  readonly id: string;
  /** In upper case. */
  readonly method: string;
  /** Path with `{…}` where its parameters go. */
  readonly template: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly content: Readonly<Record<string, Schema>> } | null;
  /** Whether it needs no token. */
  readonly open: boolean;
  /** Whether it makes an object that was not there: it promises 201, and where it is. */
  readonly makes: boolean;
}

interface Raw {
  readonly operationId: string;
  readonly parameters?: readonly Schema[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security?: readonly unknown[];
}

/** An OpenAPI document to be read by a machine that knows nothing else of the service. */
export class Document {
  readonly operations: readonly Operation[];
  readonly components: Schema;

  constructor(private readonly root: unknown) {
    const { paths, components } = root as {
      paths: Record<string, Record<string, unknown>>;
      components: Schema;
    };
    this.components = components;
    this.operations = Object.entries(paths).flatMap(([template, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'parameters')
        .map(([method, raw]) =>
          this.operation(template, method, raw as Raw, (item['parameters'] ?? []) as readonly Schema[]),
        ),
    );
  }

  /** What a `$ref` points at, or the schema itself. */
  followed<T extends object>(schema: T): T {
    const { $ref: pointer } = schema as { $ref?: string };
    if (pointer === undefined) return schema;
    const found = pointer
      .slice(2)
      .split('/')
      .reduce<unknown>((held, step) => (held as Record<string, unknown>)[step], this.root);
    return found as T;
  }

  /** Every value that a keyword is given anywhere, such as all `maxLength`. */
  valuesOf(keyword: string): number[] {
    const found = JSON.stringify(this.root).matchAll(new RegExp(`"${keyword}":(-?\\d+)[,}]`, 'g'));
    return [...new Set([...found].map(([, value]) => Number(value)))];
  }

  /** The methods that any operation has at an address, also by a template that has a parameter where another has a word. */
  methodsAt(template: string): string[] {
    const parts = template.split('/');
    const covers = (other: string): boolean => {
      const steps = other.split('/');
      return (
        steps.length === parts.length && steps.every((step, at) => step.startsWith('{') || step === parts[at])
      );
    };
    return this.operations.filter((each) => covers(each.template)).map(({ method }) => method);
  }

  private operation(template: string, method: string, raw: Raw, shared: readonly Schema[]): Operation {
    const { operationId: id, parameters = [], requestBody, responses, security } = raw;
    const content = Object.entries(requestBody?.content ?? {}).map(
      ([type, { schema }]) => [type, schema] as const,
    );
    return {
      id,
      method: method.toUpperCase(),
      template,
      parameters: [...shared, ...parameters].map((each) => this.followed(each) as unknown as Parameter),
      body: requestBody
        ? { required: requestBody.required === true, content: Object.fromEntries(content) }
        : null,
      open: security?.length === 0,
      makes: 'Location' in ((responses['201'] as { headers?: object } | undefined)?.headers ?? {}),
    };
  }
}
