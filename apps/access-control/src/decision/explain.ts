import type { GuardedField } from '@stoettesystemer/object';
import { hiddenIn, mayDo, type Wish } from './access';
import { decide } from './decide';
import type { Knowledge } from './knowledge';
import type { Decision, Question } from './question';
import { type SingleChange, singleChanges } from './single-change';

export interface Explanation {
  readonly isAllowed: boolean;
  readonly decision: Decision;
  /** Members that are not shown to one who is allowed. */
  readonly hidden: readonly GuardedField[];
  /** Single changes that would make the answer another. */
  readonly changes: readonly SingleChange[];
}

/** Why, and what would alter it: each change is tried on what is known, by the function that issues tokens. */
export function explain(knowledge: Knowledge, question: Question, wish: Wish): Explanation {
  const decision = decide(knowledge, question);
  const isAllowed = mayDo(decision, question, wish);
  const changes = [...singleChanges({ knowledge, question, wish })].filter(
    ({ after }) => mayDo(decide(after.knowledge, after.question), after.question, wish) !== isAllowed,
  );
  const hidden = isAllowed && wish.on ? hiddenIn(decision, question, wish.on) : [];
  return { isAllowed, decision, hidden, changes };
}
