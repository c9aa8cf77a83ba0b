import { type Declaration, type Field, type GuardedField, guardedFields } from '@stoettesystemer/object';
import type { Answer } from '../running-service';
import type { Body, Item, Registered } from './body';
import { type Contract, jsonOf } from './contract';

/** A guarded member that objects can be made with, and its field in the declaration. */
export interface Secret extends GuardedField {
  readonly field: Field;
}

export const fieldOf = (type: Declaration, { facet, member }: GuardedField): Field =>
  (type.attributes[facet] ?? type.relations[facet])!.fields![member]!;

export const secretsOf = ({ type, without }: Contract): Secret[] =>
  guardedFields(type)
    .filter(({ facet, member }) => !without.some((name) => name === facet || name === `${facet}.${member}`))
    .map((each) => ({ ...each, field: fieldOf(type, each) }));

export const itemsOf = (body: Body, { section, facet }: GuardedField): Item[] => body[section][facet] ?? [];

let count = 0;
/** A body whose guarded texts are like no other text, so that they are known where they must not be. */
export async function secretBody(contract: Contract, secrets: readonly Secret[]): Promise<Body> {
  const body = await contract.body();
  for (const secret of secrets) {
    const { kind, pattern, max = 100 } = secret.field;
    for (const item of itemsOf(body, secret))
      if (kind === 'text' && pattern === undefined) item[secret.member] = `Hemmeligsen${++count}`.slice(-max);
  }
  return body;
}

/** The object as one sees it who is not shown these. */
export function asShown(object: Registered, hidden: readonly Secret[]): object {
  const copy = structuredClone(object);
  const warned = hidden.filter((secret) => {
    const holding = itemsOf(copy, secret).filter((item) => secret.member in item);
    for (const item of holding) item[secret.member] = null;
    return holding.length > 0;
  });
  const advarsler = warned.map(({ section, facet, member, guard }) => ({
    sti: `/${section}/${facet}/${member}`,
    kode: 'skjult',
    besked: expect.stringContaining(guard) as unknown,
  }));
  return { ...copy, advarsler };
}

/** Nothing of what is hidden stands anywhere in the answer. */
export function expectSilent({ text }: Answer, body: Body, hidden: readonly Secret[]): void {
  for (const secret of hidden)
    for (const item of itemsOf(body, secret)) expect(text).not.toContain(String(item[secret.member]));
}

/** What the security log says of a request. */
export async function logged(contract: Contract, transaction: string): Promise<unknown[]> {
  const { rows } = await contract.service.database.run(
    { owner: '12345678' },
    {
      name: 'spec-guarded-audit',
      text: 'select operation, allowed, rule from audit where transaction = $1',
      values: [transaction],
    },
  );
  return [...rows];
}

/** Of one answer that holds a list, the only object in it. */
export const onlyOf = (answer: Answer): unknown => {
  const { data } = jsonOf<{ data: unknown[] }>(answer);
  return data.length === 1 ? data[0] : data;
};
