import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Document, Schema } from './document';

const DOCUMENT = 'https://openapi.invalid/document';

type Json = Record<string, unknown>;
/** Members and indices on the way to a place in a value. */
export type Path = readonly (string | number)[];

/** A value that its schema does not take, and where it was spoiled. */
export interface Spoiled {
  readonly value: unknown;
  readonly path: Path;
}

const OTHERS = [null, true, 0, -1, 1.5, 1e15, '', 'x', [], {}, [null], [[]], { x: 1 }, '\u2028', 'a\nb'];
/** Members that a service must say for itself, or that an object has without being told (T36, T45). */
const MEMBERS = [
  'uopfundet',
  'cvr',
  'ejer',
  'id',
  'version',
  'oprettetAf',
  'toString',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
  '$ref',
  '',
];

/** Spoils values in one place each, by a judge that is not the service's own. */
export class Spoiler {
  private readonly ajv = new Ajv2020({ strict: false });
  private readonly judges = new Map<string, ValidateFunction>();
  private readonly lengths: readonly number[];
  private readonly counts: readonly number[];
  private readonly numbers: readonly number[];

  constructor(document: Document) {
    addFormats.default(this.ajv);
    this.ajv.addSchema({ $id: DOCUMENT, components: document.components });
    this.lengths = document.valuesOf('maxLength').map((length) => length + 1);
    this.counts = document.valuesOf('maxItems').map((count) => count + 1);
    this.numbers = [
      ...document.valuesOf('minimum').map((least) => least - 1),
      ...document.valuesOf('maximum').map((most) => most + 1),
    ];
  }

  /** What a schema says of a value: nothing when it takes it. */
  judgeOf(schema: Schema): (value: unknown) => boolean {
    const text = JSON.stringify(schema).replaceAll('"#/', `"${DOCUMENT}#/`);
    const validate = this.judges.get(text) ?? this.ajv.compile(JSON.parse(text) as Schema);
    this.judges.set(text, validate);
    return (value) => validate(value);
  }

  /** Spoils what `values` makes, in one place, so that the schema does not take it. */
  spoil(values: fc.Arbitrary<unknown>, isGood: (value: unknown) => boolean): fc.Arbitrary<Spoiled> {
    return fc
      .tuple(values, fc.nat(), fc.nat())
      .map(([value, where, how]) => {
        const places = [...placesIn(value)];
        const place = places[where % places.length]!;
        const ways = this.waysTo(place.value);
        const [step, put] = ways[how % ways.length]!;
        return { value: withAt(value, place.path, put), path: [...place.path, ...step] };
      })
      .filter(({ value }) => !isGood(value));
  }

  /** Ways to spoil one value: what it becomes, and which of its members that touches. */
  private waysTo(value: unknown): (readonly [Path, unknown])[] {
    const others = OTHERS.map((other) => [[], other] as const);
    if (typeof value === 'string')
      return [
        ...others,
        ...this.lengths.map((length) => [[], 'x'.repeat(length)] as const),
        [[], `${value}\u0007`],
        [[], ` ${value}`],
        [[], `${value}'`],
      ];
    if (typeof value === 'number')
      return [...others, ...this.numbers.map((other) => [[], other] as const), [[], String(value)]];
    if (Array.isArray(value))
      return [
        ...others,
        ...(value.length > 0
          ? this.counts.map(
              (count) => [[], Array.from({ length: count }, () => value[0] as unknown)] as const,
            )
          : []),
        [[value.length], [...(value as unknown[]), null]],
        [[value.length], [...(value as unknown[]), value[0] ?? 'x']],
      ];
    if (typeof value === 'object' && value !== null)
      return [
        ...others,
        ...Object.keys(value).map((name) => [[name], without(value as Json, name)] as const),
        ...Object.keys(value).map((name) => [[name], without(value as Json, name)] as const),
        ...MEMBERS.map((name) => [[name], { ...value, [name]: 'x' }] as const),
      ];
    return others;
  }
}

const without = (value: Json, name: string): Json =>
  Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));

function* placesIn(value: unknown, path: Path = []): Generator<{ value: unknown; path: Path }> {
  yield { value, path };
  if (typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value))
    yield* placesIn(each, [...path, Array.isArray(value) ? Number(name) : name]);
}

function withAt(value: unknown, [step, ...rest]: Path, put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value))
    return value.map((each: unknown, at) => (at === step ? withAt(each, rest, put) : each));
  return { ...(value as Json), [step]: withAt((value as Json)[step], rest, put) };
}

/** The steps of a JSON pointer. */
export const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
