import { type Declaration, invalid, period as p, type Period, type Reference } from '@stoettesystemer/object';
import type { Transaction } from '@stoettesystemer/postgres';
import { Identity } from './anonymity';
import type { Ask } from './ask';
import { become, erase, forgetSource } from './erasure';
import type { FactIds } from './fact-ids';
import { deletionOf, type Forgetting, type Forgotten } from './forgetting';
import { type Held, nextMoment } from './held';
import { bareLink, bareOwn, type Linked, linksTo } from './links-to';
import { isDead } from './permission';
import type { Left, Plan } from './plan';
import type { Recording } from './recording';
import {
  type RecordedFact,
  recordedFactOf,
  recordedFactsOf,
  type RegistrationRow,
  registrationsOf,
  restateStatements,
} from './restating';
import { type Scope, scopesOf } from './scopes';

/** What this needs of the store. */
export interface AnonymisingTools {
  readonly tx: Transaction;
  readonly types: readonly Declaration[];
  readonly ids: FactIds;
}

/**
 * Takes away for good who an object is about, wherever it is told, now or in the past: what is left in the place of what
 * was said, what points at it does so without a name or a number, and what registrations noted is gone. When something
 * held and when it was known is left as it was. Null where nobody is told of any more.
 * @throws Refusal 422 when the reason given tells again who it was.
 */
export async function anonymising(
  { tx, types, ids }: AnonymisingTools,
  ask: Ask,
  plan: Plan & { readonly leaves: Left },
  forgotten: Forgotten,
): Promise<Forgetting | null> {
  const { type, held } = forgotten;
  const { uuid } = held;
  const { owner } = ask.caller;
  const own = (await tx.run(recordedFactsOf(owner, [uuid], null))).rows.map(recordedFactOf);
  const texts = Object.values(plan.leaves).flatMap((text) => Object.values(JSON.parse(text) as object));
  const who = new Identity(uuid, type, own, new Set(texts.map(String)));
  if (who.isIn(plan.input.note))
    throw invalid('navngiver', '/note', 'Begrundelsen gentager noget af det, der skal glemmes.');

  const linked = await linksTo(tx, owner, types, { name: type.name, uuid, numbers: who.numbers });
  const bared = linked.map((each) => ({ ...each, bare: baredIn(each, who) }));
  const restated = own.flatMap((fact) => {
    const left = leftOf(type, fact, plan.leaves);
    return left?.value === fact.value && left.about === fact.about ? [] : [{ fact, left }];
  });
  const touched = bared.filter(({ bare }) => bare.length > 0);
  if (restated.length === 0 && touched.length === 0) return null;

  const all = [uuid, ...linked.map((each) => each.held.uuid)];
  const { rows } = await tx.run(registrationsOf(owner, all));
  const believed = own.flatMap((fact) =>
    fact.until === null ? (leftOf(type, fact, plan.leaves) ?? []) : [],
  );
  const changed = [...new Set(restated.map(({ fact }) => fact.facet))].sort();
  const gone = [
    ...restated.map(({ fact }) => fact),
    ...touched.flatMap(({ bare }) => bare.map(([fact]) => fact)),
  ];
  const facts = [
    ...restated.flatMap(({ left }) => (left ? [{ ...left, type }] : [])),
    ...(await Promise.all(touched.map((each) => standingIn(each, tx, ids)))).flat(),
  ];
  return {
    statements: [
      ...restateStatements(owner, { gone, facts, registrations: silenced(rows as never, uuid, who) }),
      become('stoette_sletning'),
      erase('idempotency', owner, all),
      become('stoette_app'),
      forgetSource(owner, [uuid]),
    ],
    recordings: [
      ...touched.flatMap((each) => retold(ask, each, forgotten)),
      ...tellingOf(ask, plan, forgotten, { changed, scopes: scopesOf(type, uuid, believed) }),
    ],
  };
}

/** What is said in the place of a fact; null where nothing is. */
function leftOf(type: Declaration, fact: RecordedFact, leaves: Left): RecordedFact | null {
  if (fact.section === 't') return { ...fact, about: null };
  if (fact.section === 'r') return bareOwn(type, fact);
  const value = fact.slot === '' ? leaves[fact.facet] : undefined;
  return value === undefined ? null : { ...fact, value, about: null };
}

type Bared = readonly [was: RecordedFact, is: RecordedFact];
const baredIn = ({ type, facts }: Linked, who: Identity): Bared[] =>
  facts.flatMap((fact) => {
    const bare = bareLink(type, who, fact);
    return bare ? [[fact, bare] as const] : [];
  });

/** Pieces of facts in the place of others: where one pointed by UUID and another by a number, one is left of the two. */
async function standingIn(
  { type, facts, bare }: Linked & { readonly bare: readonly Bared[] },
  tx: Transaction,
  ids: FactIds,
): Promise<(RecordedFact & { readonly type: Declaration })[]> {
  const replaced = new Set(bare.map(([was]) => was));
  const standing = facts.filter((fact) => !replaced.has(fact));
  for (const [, is] of bare) {
    const [first, ...more] = besides(is, standing);
    if (first) standing.push({ ...is, period: first });
    const fresh = await ids.take(tx, more.length);
    standing.push(...more.map((period, at) => ({ ...is, id: fresh[at]!, period })));
  }
  return standing.filter((fact) => !facts.includes(fact)).map((fact) => ({ ...fact, type }));
}

/** What is left of a fact's time where none of the others holds its slot. */
const besides = (fact: RecordedFact, others: readonly RecordedFact[]): Period[] =>
  others
    .filter(
      ({ facet, slot, from, until }) =>
        facet === fact.facet &&
        slot === fact.slot &&
        (until === null || fact.from < until) &&
        (fact.until === null || from < fact.until),
    )
    .reduce((rest, { period }) => rest.flatMap((each) => p.minus(each, period)), [fact.period]);

/** The registrations that told of them, without what told. */
function silenced(rows: readonly RegistrationRow[], uuid: string, who: Identity): RegistrationRow[] {
  return rows.flatMap((row) => {
    const isOwn = row.object === uuid;
    const actor = row.actor === null ? null : (JSON.parse(row.actor) as Reference);
    // Who made it is told by UUID; a label, or a number, tells a name.
    const named = actor !== null && (isOwn || who.isMeant(actor));
    const bare = !named ? row.actor : 'uuid' in actor ? JSON.stringify({ uuid: actor.uuid }) : null;
    const note = row.note !== null && (isOwn || who.isIn(row.note)) ? null : row.note;
    const source = isOwn ? null : row.source;
    const isSame = bare === row.actor && note === row.note && source === row.source;
    return isSame ? [] : [{ ...row, actor: bare, note, source }];
  });
}

/** What points at them says something else now: whoever has read it is to read it again. */
function retold(
  ask: Ask,
  { type, held, bare }: { type: Declaration; held: Held; bare: readonly Bared[] },
  { at }: Forgotten,
): Recording[] {
  const changed = bare.flatMap(([was]) => (was.until === null ? [was.facet] : []));
  if (changed.length === 0 || isDead(held)) return [];
  const { uuid, number, scopes } = held;
  return [
    {
      type,
      uuid,
      isNew: false,
      number: number + 1,
      at: nextMoment(held, at),
      lifecycle: 'Rettet',
      actor: JSON.stringify({ uuid: ask.caller.subject }),
      note: null,
      sourceTime: null,
      close: [],
      add: [],
      scopes,
      changed: [...new Set(changed)].sort(),
    },
  ];
}

/** It is deleted, and is there again as one whom nobody knows; what was passive or deleted is only deleted. */
function tellingOf(
  ask: Ask,
  plan: Plan,
  forgotten: Forgotten,
  { changed, scopes }: { readonly changed: readonly string[]; readonly scopes: readonly Scope[] },
): Recording[] {
  const deletion = { ...deletionOf(ask, plan, forgotten), scopes };
  if (isDead(forgotten.held)) return [deletion];
  return [
    { ...deletion, isLast: false },
    {
      ...deletion,
      number: deletion.number + 1,
      at: forgotten.at + 1n,
      lifecycle: 'Importeret',
      changed,
    },
  ];
}
