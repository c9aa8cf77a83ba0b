import { type Instant, invalid, malformed, parseInstant } from '@stoettesystemer/object';
import { flagOf, integerOf, type Parameters } from '@stoettesystemer/server';

export const FORMS = ['os2mo', 'enhedstrae', 'csv', 'ndjson'] as const;
export const WISHES = ['kilde', 'form', 'udfoer', 'gaelderFra', 'afslut', 'graense', 'tving'] as const;

/** How a source is to be taken in. */
export interface RunWish {
  readonly name: string;
  readonly form: (typeof FORMS)[number];
  /** Otherwise the differences are only told. */
  readonly executes: boolean;
  /** Of what was before, the source says nothing. */
  readonly since: Instant | null;
  /** What the source does not have any more is ended. */
  readonly endsOrphans: boolean;
  /** So many per cent of what came from the source may be ended at once; more looks like half a file. */
  readonly limit: number;
  /** Whatever the limit says. */
  readonly isForced: boolean;
}

const USUAL_LIMIT = 20;
const LONGEST = 100;

/** @throws Refusal 400, 422 */
export function wishFrom(parameters: Parameters): RunWish {
  const { kilde, form, gaelderFra } = parameters;
  if (
    kilde === undefined ||
    kilde.trim() === '' ||
    [...kilde].length > LONGEST ||
    /[\p{Cc}\p{Zl}\p{Zp}]/u.test(kilde)
  )
    throw malformed('vaerdi', '?kilde', `Skal være kildens navn på én linje, højst ${LONGEST} tegn.`);
  const known = FORMS.find((each) => each === form);
  if (!known) throw malformed('vaerdi', '?form', `Skal være en af: ${FORMS.join(', ')}.`);
  const since = gaelderFra === undefined ? null : parseInstant(gaelderFra);
  if (gaelderFra !== undefined && since === null)
    throw malformed('tidspunkt', '?gaelderFra', 'Skal være et tidspunkt med tidszone.');
  const [executes, endsOrphans] = [flagOf(parameters, 'udfoer'), flagOf(parameters, 'afslut')];
  if (endsOrphans && !executes)
    throw invalid('modstrid', '?afslut', 'Der afsluttes kun noget, når der udføres.');
  return {
    name: kilde.normalize('NFC'),
    form: known,
    executes,
    since,
    endsOrphans,
    limit: integerOf(parameters, 'graense', 0, 100) ?? USUAL_LIMIT,
    isForced: flagOf(parameters, 'tving'),
  };
}
