import type { Declaration } from '@stoettesystemer/object';
import type { Ask } from './ask';
import { facetItems } from './facet-items';
import type { Piece } from './piece';
import type { Action } from './plan';
import type { Rule } from './rule';
import type { RuleSight } from './rule-sight';

/** A change as the rules see it. */
export interface Judged {
  readonly type: Declaration;
  readonly uuid: string;
  readonly action: Action;
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
}

/** The rules of a service, by the type that they are about. */
export class Rulebook {
  private readonly rules: ReadonlyMap<string, readonly Rule[]>;

  constructor(types: readonly Declaration[], rules: readonly Rule[]) {
    this.rules = new Map(types.map(({ name }) => [name, rules.filter((rule) => rule.types.includes(name))]));
  }

  of({ name }: Declaration): readonly Rule[] {
    return this.rules.get(name) ?? [];
  }

  /** The facets that the rules of a type look at. */
  facetsOf(type: Declaration): string[] {
    return [...new Set(this.of(type).flatMap(({ facets }) => facets))];
  }

  /** @param rules of the type, unless the change has its own. @throws Refusal of the first rule that is broken. */
  async check(
    sight: RuleSight,
    { caller }: Ask,
    { type, uuid, action, before, after }: Judged,
    rules: readonly Rule[] = this.of(type),
  ): Promise<void> {
    for (const rule of rules)
      await rule.check({
        type,
        uuid,
        action,
        caller,
        before: facetItems(before, rule.facets),
        after: facetItems(after, rule.facets),
        look: (target, id, facets) => sight.look(target, id, facets),
        isEnded: (target, id) => sight.isEnded(target, id),
        pointing: (at, how) => sight.pointing(at, how, uuid),
        find: (target, field, value) => sight.find(target, field, value, uuid),
        hold: (name, how) => sight.hold(name, how),
      });
  }
}
