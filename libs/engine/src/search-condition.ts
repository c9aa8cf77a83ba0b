import type { Caller } from '@stoettesystemer/access';
import { type Declaration, isUuid, malformed, parseInstant } from '@stoettesystemer/object';
import type { AsOf } from './ask';
import { roleOf } from './assertions';
import type { Comparison, Expression, Operand } from './query';
import { relationField, searchField, type SearchField } from './search-field';
import { factCondition, ownersOf } from './selection';
import type { Binder } from './statement';
import { fits, isEncoded, REFERENCE_FIELD, termValue } from './term';

/** The last character there is: every text that begins with `x` lies between `x` and `x` followed by it. */
const LAST = '\u{10ffff}';
/** How far expressions may stand in each other. */
export const DEEPEST = 16;

/** A search expression as SQL over `o` and `r`. At most one comparison of `tekst`, whose hits stand in the table `words`. */
export class SearchCondition {
  /** The words searched for, when the expression compares `tekst`. */
  words: string | null = null;

  constructor(
    private readonly type: Declaration,
    private readonly caller: Caller,
    private readonly at: AsOf,
    private readonly binder: Binder,
  ) {}

  of(expression: Expression | null, sti = '/udtryk', depth = 0): string {
    if (expression === null) return 'true';
    if (depth > DEEPEST) throw malformed('dybde', sti, 'Udtrykket er indlejret for dybt.');
    if ('og' in expression) return this.joined(expression.og, 'and', `${sti}/og`, depth);
    if ('eller' in expression) return this.joined(expression.eller, 'or', `${sti}/eller`, depth);
    if ('ikke' in expression) return `not (${this.of(expression.ikke, `${sti}/ikke`, depth + 1)})`;
    return this.comparison(expression, sti);
  }

  private joined(parts: readonly Expression[], word: 'and' | 'or', sti: string, depth: number): string {
    if (parts.length === 0) return word === 'and' ? 'true' : 'false';
    return `(${parts.map((part, at) => this.of(part, `${sti}/${at}`, depth + 1)).join(` ${word} `)})`;
  }

  private comparison(comparison: Comparison, sti: string): string {
    const field = searchField(this.type, comparison.felt, `${sti}/felt`);
    if (field.kind === 'prose') return this.prose(comparison, sti);
    if (field.kind === 'column') return this.column(field, comparison, sti);
    return this.term(field, comparison, sti);
  }

  private prose({ lig }: Comparison, sti: string): string {
    if (typeof lig !== 'string' || lig.trim() === '')
      throw malformed('operand', sti, 'Skriv de ord, der søges efter.');
    if (this.words !== null) throw malformed('tekst', sti, 'Der kan kun søges på tekst én gang i et udtryk.');
    this.words = lig;
    return `(o.owner, o.id) in (select w.owner, w.object_id from words w)`;
  }

  private column(
    { column, type }: SearchField & { kind: 'column' },
    { lig, iblandt, begynderMed, mellem, findes }: Comparison,
    sti: string,
  ): string {
    const checked = (operand: Operand): string => {
      const isRight =
        type === 'uuid' ? isUuid(operand) : type === 'text' || parseInstant(String(operand)) !== null;
      if (!isRight) throw isMisfit(sti);
      return String(operand);
    };
    const bind = (operand: Operand): string => `${this.binder.bind(checked(operand))}::${type}`;
    if (lig !== undefined) return `${column} = ${bind(lig)}`;
    if (iblandt) return `${column} = any(${this.binder.bind(iblandt.map(checked))}::${type}[])`;
    if (mellem) {
      const [from, to] = mellem;
      return `(${from === null ? 'true' : `${column} >= ${bind(from)}`} and ${to === null ? 'true' : `${column} < ${bind(to)}`})`;
    }
    if (findes !== undefined) return findes ? 'true' : 'false';
    if (begynderMed !== undefined) throw malformed('operand', sti, 'Feltet kan ikke søges med begyndelsen.');
    throw noOperator(sti);
  }

  private term(
    field: SearchField & { kind: 'term' | 'relation' },
    comparison: Comparison,
    sti: string,
  ): string {
    const { lig, iblandt, begynderMed, mellem, findes } = comparison;
    const rolle = this.role(field, comparison, sti);
    if (findes !== undefined) {
      const there = this.exists(field.code, 'true', rolle);
      return findes ? there : `not (${there})`;
    }
    const { bind } = this.binder;
    const at = (operand: Operand) => {
      if (field.kind === 'relation') return relationField(field, operand, sti);
      return { field: field.field, code: field.code, operand };
    };
    const value = (operand: Operand): { code: number; text: string } => {
      const { field: kind, code, operand: each } = at(operand);
      if (!fits(kind, each)) throw isMisfit(sti);
      return { code, text: termValue(kind, each) };
    };
    if (lig !== undefined) {
      const { code, text } = value(lig);
      return this.exists(code, `t.value = ${bind(text)}`, rolle);
    }
    if (iblandt) {
      const values = iblandt.map(value);
      const codes = [...new Set(values.map(({ code }) => code))];
      const parts = codes.map((code) =>
        this.exists(
          code,
          `t.value = any(${bind(values.filter((each) => each.code === code).map(({ text }) => text))}::text[])`,
          rolle,
        ),
      );
      return parts.length === 0 ? 'false' : `(${parts.join(' or ')})`;
    }
    if (begynderMed !== undefined) {
      // A relation is searched by the beginning of its textField, or else of its reference.
      const { code, field: kind } =
        field.kind === 'relation' ? (field.textField ?? { code: field.code, field: REFERENCE_FIELD }) : field;
      if (isEncoded(kind)) throw malformed('operand', sti, 'Feltet kan ikke søges med begyndelsen.');
      const start = begynderMed.normalize('NFC');
      return this.exists(code, `t.value >= ${bind(start)} and t.value < ${bind(start + LAST)}`, rolle);
    }
    if (mellem) {
      const bounds = mellem.map((bound) => (bound === null ? null : value(bound)));
      const [from, to] = bounds;
      const code = (from ?? to)?.code ?? field.code;
      const low = from ? `t.value >= ${bind(from.text)}` : 'true';
      const high = to ? `t.value < ${bind(to.text)}` : 'true';
      return this.exists(code, `${low} and ${high}`, rolle);
    }
    throw noOperator(sti);
  }

  private role({ facet }: { facet: string }, { rolle }: Comparison, sti: string): string | undefined {
    if (rolle === undefined) return undefined;
    const relation = this.type.relations[facet];
    if (!relation?.roles) throw malformed('rolle', `${sti}/rolle`, 'Feltet har ikke roller.');
    return roleOf(relation, rolle, sti) ?? undefined;
  }

  /**
   * Objects that have a term in the field; driven from the index of terms when that is the narrow side. Each term looks
   * up its own fact behind a fence (`offset 0`): a planner without statistics would else join terms and facts by owner.
   */
  private exists(code: number, comparison: string, rolle: string | undefined): string {
    const { bind } = this.binder;
    const believed = this.at.registrering === 'nu';
    const terms = believed
      ? 'term'
      : '(select * from term where believed union all select * from term where not believed)';
    const role = rolle === undefined ? '' : `and f.value->>'rolle' = ${bind(rolle)}`;
    const fact = `select from fact f where f.owner = t.owner and f.id = t.fact
      and ${factCondition(this.at, this.binder)} ${role} offset 0`;
    return `(o.owner, o.id) in (select t.owner, t.object_id from ${terms} t cross join lateral (${fact}) f
      where t.owner = any(${bind(ownersOf(this.caller))}::int[]) and t.field = ${bind(code)}::int and ${comparison}
        ${believed ? 'and t.believed' : ''})`;
  }
}

const isMisfit = (sti: string) => malformed('operand', sti, 'Værdien passer ikke til feltet.');
const noOperator = (sti: string) =>
  malformed('operator', sti, 'Skriv lig, iblandt, begynderMed, mellem eller findes.');
