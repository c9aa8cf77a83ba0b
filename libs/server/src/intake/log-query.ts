import type { LogQuery } from '@stoettesystemer/engine';
import { type Instant, isUuid, malformed, parseInstant } from '@stoettesystemer/object';
import { IsBoolean, IsInt, IsString, Max, Min } from 'class-validator';
import type { Parameters } from '../request/query-string';
import { limits } from '../settings';
import { makeShape, type Member, must, type Shape } from './shape';

const KINDS = ['borger', 'objekt', 'bruger', 'system'] as const;
const PERSON = /^urn:oio:cpr-nr:\d{6}-?\d{4}$/i;
/** Days of one export. */
export const LONGEST = 31;
const DAY = 24n * 60n * 60n * 1_000_000n;

const optional = (...checks: PropertyDecorator[]): Member => ({ checks, presence: 'given' });
const uuid = must('uuid', 'Skal være en UUID.', isUuid);
const isInstant = (value: unknown): boolean => typeof value === 'string' && parseInstant(value) !== null;
const instant = must('tidspunkt', 'Skal være et tidspunkt med tidszone.', isInstant);
const text = (most: number) =>
  must('laengde', `Skal være 1-${most} tegn.`, (value) => {
    return typeof value === 'string' && value.length > 0 && value.length <= most;
  });

const person = makeShape('LogBorger', {
  urn: {
    checks: [
      must('operand', 'Skal være urn:oio:cpr-nr: og et personnummer.', (urn) => PERSON.test(String(urn))),
    ],
    presence: 'required',
  },
});

/** The body of a search in the security log. */
export const logSearchShape: Shape = makeShape('Logsoegning', {
  borger: { checks: [], presence: 'given', one: person },
  objekt: {
    checks: [
      must('udvalg', 'Skriv netop én af borger, objekt, bruger og system.', (_, body) => {
        return KINDS.filter((kind) => body[kind] !== undefined).length === 1;
      }),
      must('uuid', 'Skal være en UUID.', (value) => value === undefined || isUuid(value)),
    ],
    presence: 'either',
  },
  bruger: optional(text(limits.text.urn)),
  system: optional(uuid),
  fra: optional(instant),
  til: optional(instant),
  afvist: optional(IsBoolean({ message: 'Skal være true eller false.' })),
  limit: optional(
    IsInt({ message: 'Skal være et helt tal.' }),
    Min(1, { message: 'Skal være mindst 1.' }),
    Max(limits.search.most, { message: `Må højst være ${limits.search.most}.` }),
  ),
  cursor: {
    checks: [IsString({ message: 'Skal være en tekst.' }), text(limits.text.cursor)],
    presence: 'optional',
  },
});

/** A body that has passed the shape. */
export interface LogSearch {
  readonly borger?: { readonly urn: string };
  readonly objekt?: string;
  readonly bruger?: string;
  readonly system?: string;
  readonly fra?: string;
  readonly til?: string;
  readonly afvist?: boolean;
  readonly limit?: number;
  readonly cursor?: string | null;
}

const at = (text: string | undefined): Instant | null => (text === undefined ? null : parseInstant(text));

export function logQueryFrom(body: LogSearch): LogQuery {
  const kind = KINDS.find((each) => body[each] !== undefined) ?? 'bruger';
  const value = kind === 'borger' ? body.borger?.urn : body[kind];
  return {
    wanted: { kind, value: value ?? '' },
    from: at(body.fra),
    to: at(body.til),
    denied: body.afvist ?? null,
    limit: body.limit ?? limits.search.limit,
    cursor: body.cursor ?? null,
  };
}

/** The period of an export. @throws Refusal 400 */
export function logPeriodFrom(parameters: Parameters): { from: Instant; to: Instant } {
  const [from, to] = (['fra', 'til'] as const).map((name): Instant => {
    const text = parameters[name];
    if (text === undefined) throw malformed('paakraevet', `?${name}`, 'Skal være udfyldt.');
    const instant = parseInstant(text);
    if (instant !== null) return instant;
    throw malformed('tidspunkt', `?${name}`, 'Skal være et tidspunkt med tidszone.');
  }) as [Instant, Instant];
  if (from >= to) throw malformed('periode', '?til', 'Skal være efter fra.');
  if (to - from > BigInt(LONGEST) * DAY)
    throw malformed('periode', '?til', `Højst ${LONGEST} dage ad gangen.`);
  return { from, to };
}
