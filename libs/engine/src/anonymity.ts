import type { Declaration, Field, Reference } from '@stoettesystemer/object';
import type { RecordedFact } from './restating';

type Item = Readonly<Record<string, unknown>>;

/** However it is written: `urn:oio:cpr-nr:…`, with or without a hyphen in the number. */
const CPR_URN = /:cpr[^:]*:(\d{6}-?\d{4})$/i;
const SIGN = String.raw`[\p{L}\p{N}]`;
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.flatMap(textsIn) : [];
/** A word that is not personal may be anybody's, when it is short. */
const LONG = 6;

const membersIn = (
  type: Declaration,
  { section, facet, value }: RecordedFact,
): { text: string; field: Field }[] =>
  section === 'a'
    ? Object.entries(JSON.parse(value) as Item).flatMap(([name, member]) => {
        const field = type.attributes[facet]?.fields[name];
        return field ? textsIn(member).map((text) => ({ text, field })) : [];
      })
    : [];

/** Who it is that is to be forgotten, and where something tells of them. */
export class Identity {
  /** CPR numbers that they have had. */
  readonly numbers: readonly string[];
  private readonly told: RegExp | null;

  /** @param facts of theirs, as they were before. @param kept texts that are left, and tell of nobody. */
  constructor(
    private readonly uuid: string,
    type: Declaration,
    facts: readonly RecordedFact[],
    kept: ReadonlySet<string>,
  ) {
    const members = facts.flatMap((fact) => membersIn(type, fact));
    const telling = members.filter(
      ({ text, field }) => text.length >= (field.personal ? 2 : LONG) && !kept.has(text),
    );
    const texts = [...new Set(telling.map(({ text }) => text))];
    this.numbers = [
      ...new Set(members.flatMap(({ text, field }) => (field.guard === 'secpr-nummer' ? [text] : []))),
    ];
    this.told =
      texts.length === 0
        ? null
        : new RegExp(`(?<!${SIGN})(?:${texts.map(literal).join('|')})(?!${SIGN})`, 'iu');
  }

  /** Whether a text says a name of theirs, a number, or another word that was theirs. */
  isIn(text: string | null | undefined): boolean {
    return typeof text === 'string' && this.told !== null && this.told.test(text.normalize('NFC'));
  }

  /** Whether a reference points at them, by UUID or by a CPR number. */
  isMeant(reference: Reference): boolean {
    if ('uuid' in reference) return reference.uuid === this.uuid;
    const [, number] = CPR_URN.exec(reference.urn) ?? [];
    return number !== undefined && this.numbers.includes(number.replace('-', ''));
  }

  /** The reference, where it points at them, as it says nothing but where they are. */
  bare = (reference: Reference): Reference => (this.isMeant(reference) ? { uuid: this.uuid } : reference);

  /** What a virkning says beside its times, without what tells of them. */
  about(text: string | null): string | null {
    if (text === null) return null;
    const { aktoerRef, aktoerType, note } = JSON.parse(text) as {
      aktoerRef?: Reference;
      aktoerType?: string;
      note?: string;
    };
    const left = JSON.stringify({
      aktoerRef: aktoerRef && this.bare(aktoerRef),
      aktoerType,
      note: this.isIn(note) ? undefined : note,
    });
    return left === '{}' ? null : left;
  }
}
