import fc from 'fast-check';
import type { Document, Schema } from './document';
import { instant, textOf } from './text-of';

/** A schema may hold itself; beyond this many times it is left out where it can be. */
const DEEPEST = 2;
const LONGEST_LIST = 3;

type Made = fc.Arbitrary<unknown> | null;
type Json = Record<string, unknown>;

/** Periods that end after they begin: of two free instants half would break a rule that no schema tells. */
const period = fc
  .tuple(instant, instant, fc.constantFrom('open', 'null', 'closed', 'closed'))
  .filter(([a, b]) => Date.parse(a) !== Date.parse(b))
  .map(([a, b, end]) => {
    const [fra, til] = Date.parse(a) < Date.parse(b) ? [a, b] : [b, a];
    return end === 'open' ? { fra } : { fra, til: end === 'null' ? null : til };
  });

/** Makes values that schemas take, from the schemas and nothing else (but that a period has a direction). */
export class Values {
  private readonly all = new Map<Schema, fc.Arbitrary<unknown>>();

  constructor(
    private readonly document: Document,
    private readonly known: (pick: number) => string | undefined,
  ) {}

  /** Made once for a schema: the large ones take as long to make as many requests do. */
  of(schema: Schema): fc.Arbitrary<unknown> {
    const known = this.all.get(schema);
    if (known) return known;
    const made = this.make(schema, []);
    if (made === null) throw new Error(`No value fits ${JSON.stringify(schema).slice(0, 200)}`);
    this.all.set(schema, made);
    return made;
  }

  /** Null where the schema holds itself too deep. */
  private make(schema: Schema, inside: readonly string[]): Made {
    const { $ref: pointer } = schema as { $ref?: string };
    if (pointer !== undefined) {
      if (pointer.endsWith('/VirkningInd')) return period;
      if (inside.filter((each) => each === pointer).length > DEEPEST) return null;
      return this.make(this.document.followed(schema), [...inside, pointer]);
    }
    const { type, properties, anyOf, oneOf } = schema;
    if ('const' in schema) return fc.constant(schema['const']);
    if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
    if (properties !== undefined) return this.object(schema, inside);
    const options = (anyOf ?? oneOf) as readonly Schema[] | undefined;
    if (options !== undefined) return this.oneOf(options, inside);
    switch (type) {
      case 'array':
        return this.list(schema, inside);
      case 'string':
        return textOf(schema, this.known);
      case 'integer':
        return integer(schema);
      case 'number':
        return number(schema);
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      default:
        throw new Error(`A schema that this generator cannot read: ${JSON.stringify(schema).slice(0, 200)}`);
    }
  }

  private oneOf(options: readonly Schema[], inside: readonly string[]): Made {
    const made = options.flatMap((option) => this.make(option, inside) ?? []);
    return made.length === 0 ? null : fc.oneof(...made);
  }

  private list(schema: Schema, inside: readonly string[]): Made {
    const {
      items,
      prefixItems,
      contains,
      minItems = 0,
      maxItems = Infinity,
      uniqueItems,
    } = schema as {
      items?: Schema | false;
      prefixItems?: readonly Schema[];
      contains?: Schema;
      minItems?: number;
      maxItems?: number;
      uniqueItems?: boolean;
    };
    if (prefixItems) {
      const made = prefixItems.map((each) => this.make(each, inside));
      if (made.includes(null)) return null;
      const tuple = fc.tuple(...(made as fc.Arbitrary<unknown>[]));
      // The only thing that any document asks a list to hold is something.
      return contains ? tuple.filter((items) => items.some((each) => each !== null)) : tuple;
    }
    const item = items ? this.make(items, inside) : null;
    if (item === null) return minItems === 0 ? fc.constant([]) : null;
    const lengths = { minLength: minItems, maxLength: Math.min(maxItems, Math.max(minItems, LONGEST_LIST)) };
    if (uniqueItems)
      return fc.uniqueArray(item, { ...lengths, selector: (each) => JSON.stringify(each).normalize('NFC') });
    // Items of one facet come in each other's way; most lists have one.
    return fc.oneof(
      { arbitrary: fc.array(item, lengths), weight: 1 },
      { arbitrary: item.map((each) => [each]), weight: 3 },
    );
  }

  private object(schema: Schema, inside: readonly string[]): Made {
    const {
      properties,
      required = [],
      oneOf,
      anyOf,
    } = schema as unknown as {
      properties: Readonly<Record<string, Schema>>;
      required?: readonly string[];
      oneOf?: readonly { required: readonly string[] }[];
      anyOf?: readonly { required: readonly string[] }[];
    };
    // A cursor is the service's own word, which nobody else can make.
    const made = Object.entries(properties)
      .filter(([name]) => name !== 'cursor')
      .map(([name, each]) => [name, this.make(each, inside)] as const);
    const can = new Map(made.flatMap(([name, each]) => (each === null ? [] : [[name, each]])));
    if (required.some((name) => !can.has(name))) return null;
    const recordOf = (names: Iterable<string>, needed: readonly string[]): fc.Arbitrary<Json> =>
      fc.record(Object.fromEntries([...names].map((name) => [name, can.get(name)!])), {
        requiredKeys: [...needed],
      });
    // `oneOf: [{ required: [a] }, …]`: exactly one of those members; `anyOf`: at least one.
    const ways = (oneOf ?? anyOf)?.filter((way) => way.required.every((name) => can.has(name)));
    if (!ways) return recordOf(can.keys(), required);
    if (ways.length === 0) return null;
    const choices = new Set(ways.flatMap((way) => way.required));
    return fc.oneof(
      ...ways.map((way) => {
        const names = [...can.keys()].filter(
          (name) => !oneOf || !choices.has(name) || way.required.includes(name),
        );
        return recordOf(names, [...required, ...way.required]);
      }),
    );
  }
}

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

function integer(schema: Schema): fc.Arbitrary<number> {
  const { minimum: min = Number.MIN_SAFE_INTEGER, maximum: max = Number.MAX_SAFE_INTEGER } = schema as Bounds;
  return fc.oneof(
    fc.integer({ min: Math.max(min, -1000), max: Math.min(max, 1000) }),
    fc.constantFrom(min, max),
  );
}

function number(schema: Schema): fc.Arbitrary<number> {
  const { minimum: min = -1e15, maximum: max = 1e15 } = schema as Bounds;
  return fc.oneof(
    fc.double({ min, max, noNaN: true }),
    fc.constantFrom(min, max, 0.1, 1e-7).filter((value) => value >= min && value <= max),
  );
}
