import fc from 'fast-check';
import type { Attempt } from './attempt';
import type { Operation, Parameter, Schema } from './document';
import { hostileLine } from './letters';
import type { Spoiler } from './spoiled';
import type { Values } from './value-of';

const NDJSON = 'application/x-ndjson';

/** A file, and which of its lines are as their schema says. */
export interface Lines {
  readonly attempt: Attempt;
  readonly good: readonly boolean[];
}
type Query = readonly (readonly [string, string])[];

/** A few of them, in no order of importance. */
const some = <T>(all: readonly T[]) => fc.subarray([...all], { maxLength: Math.min(4, all.length) });
/** A text that the document says no more of than that it is one: a search operand, a cursor, a list of names. */
const isLoose = ({ schema }: Parameter): boolean =>
  schema['type'] === 'string' && schema['format'] === undefined && schema['pattern'] === undefined;
/** Says in words that it stands with another, or that another may not stand beside it. */
const isBound = ({ schema, name }: Parameter): boolean =>
  schema['format'] === 'date-time' || name === 'virkning';
/** Words are searched for once in an expression; a schema cannot count. */
const isSaidTwice = (body = ''): boolean => body.split('"felt":"tekst"').length > 2;
const isText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const headerText = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Requests for one operation, as its document describes them. */
export class Attempts {
  constructor(
    private readonly operation: Operation,
    private readonly values: Values,
    private readonly spoiler: Spoiler,
  ) {}

  /** Everything is as the document says. */
  valid(): fc.Arbitrary<Attempt> {
    const { operation } = this;
    const inPath = operation.parameters.filter((each) => each.in === 'path');
    return fc
      .record({
        path: this.path(inPath),
        pick: fc.nat(),
        query: this.query(),
        headers: this.headers(),
        matches: fc.nat(4).map((n) => n > 0),
        content: this.content(),
      })
      .map(({ path, pick, query: { pairs, sound }, headers, matches, content }) => ({
        operation,
        path,
        pick,
        query: pairs,
        headers: headers.headers,
        matches,
        ...content,
        sound: sound && headers.sound && !isSaidTwice(content.body),
        fault: null,
      }));
  }

  /** The path of something that is there, or now and then of something that is not. */
  private path(parameters: readonly Parameter[]): fc.Arbitrary<Record<string, string>> {
    const made = parameters.map((each) => [each.name, this.values.of(each.schema).map(isText)] as const);
    return fc
      .tuple(fc.record(Object.fromEntries(made)), fc.nat(5))
      .map(([path, n]): Record<string, string> => {
        const { uuid, ...rest } = path as Record<string, string>;
        if (rest['nummer'] !== undefined && n > 1) rest['nummer'] = String(n - 1);
        return n === 0 && uuid !== undefined ? { uuid, ...rest } : rest;
      });
  }

  private query(): fc.Arbitrary<{ pairs: Query; sound: boolean }> {
    const all = this.operation.parameters.filter((each) => each.in === 'query');
    const needed = all.filter(({ required }) => required);
    return fc.tuple(some(all.filter(({ required }) => !required)), fc.boolean()).chain(([others, bare]) => {
      const chosen = [...needed, ...(bare ? [] : others)];
      const made = chosen.map((each) =>
        // A long poll waits, and that is another test.
        (each.name === 'vent' ? fc.constant(0) : this.operand(each)).map(
          (value) => [each.name, encodeURIComponent(isText(value))] as const,
        ),
      );
      const sound = !chosen.some((each) => isLoose(each) || isBound(each));
      return fc.tuple(...made).map((pairs) => ({ pairs, sound }));
    });
  }

  private operand(parameter: Parameter): fc.Arbitrary<unknown> {
    if (!isLoose(parameter)) return this.values.of(parameter.schema);
    const ordinary: Schema[] = [
      { type: 'string', format: 'uuid' },
      { type: 'string', format: 'date' },
      { type: 'string', format: 'date-time' },
      { type: 'integer' },
      { type: 'boolean' },
    ];
    return fc.oneof(
      hostileLine(0, 300).filter((text) => !/\p{Cs}/u.test(text)),
      ...ordinary.map((schema) => this.values.of(schema)),
    );
  }

  private headers(): fc.Arbitrary<{ headers: Record<string, string>; sound: boolean }> {
    const all = this.operation.parameters.filter((each) => each.in === 'header' && each.name !== 'If-Match');
    return fc.subarray([...all]).chain((chosen) => {
      const made = chosen.map(
        (each) =>
          [
            each.name,
            isLoose(each)
              ? hostileLine(1, 60).filter((text) => headerText.test(text))
              : this.values.of(each.schema).map(isText),
          ] as const,
      );
      return fc
        .record(Object.fromEntries(made))
        .map((headers) => ({ headers: headers as Record<string, string>, sound: !chosen.some(isLoose) }));
    });
  }

  private content(): fc.Arbitrary<Pick<Attempt, 'type' | 'body'>> {
    const { body } = this.operation;
    if (!body) return fc.constant({ type: null, body: undefined });
    const made = Object.entries(body.content).map(([type, schema]) => {
      const values = this.values.of(schema);
      if (type === NDJSON)
        return fc
          .array(values, { maxLength: 5 })
          .map((lines) => ({ type, body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') }));
      const isJson = type.endsWith('json');
      return values.map((value) => ({ type, body: isJson ? JSON.stringify(value) : isText(value) }));
    });
    const none = body.required ? [] : [fc.constant({ type: null, body: undefined })];
    return fc.oneof(...made, ...none);
  }

  /** A body that its schema does not take; null for an operation without one in JSON. */
  spoiledBody(): fc.Arbitrary<Attempt> | null {
    const found = Object.entries(this.operation.body?.content ?? {}).find(([type]) => type.endsWith('/json'));
    if (!found) return null;
    const [type, schema] = found;
    const spoiled = this.spoiler.spoil(this.values.of(schema), this.spoiler.judgeOf(schema));
    return fc.tuple(this.valid(), spoiled).map(([attempt, { value, path }]) => ({
      ...attempt,
      type,
      body: JSON.stringify(value),
      fault: { what: 'the body', path },
    }));
  }

  /** A file of lines of which some are not as they must be; null for an operation that takes none. */
  spoiledLines(): fc.Arbitrary<Lines> | null {
    const schema = this.operation.body?.content[NDJSON];
    if (!schema) return null;
    const good = this.values.of(schema);
    const line = fc.oneof(
      good.map((value) => ({ value, isGood: true })),
      this.spoiler.spoil(good, this.spoiler.judgeOf(schema)).map(({ value }) => ({ value, isGood: false })),
    );
    return fc.tuple(this.valid(), fc.array(line, { minLength: 1, maxLength: 8 })).map(([attempt, lines]) => ({
      attempt: {
        ...attempt,
        type: NDJSON,
        body: lines.map(({ value }) => `${JSON.stringify(value)}\n`).join(''),
      },
      good: lines.map(({ isGood }) => isGood),
    }));
  }
}
