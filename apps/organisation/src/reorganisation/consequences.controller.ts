import { createHash } from 'node:crypto';
import { Controller, Get, Res } from '@nestjs/common';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Omorganisering, OrganisationEnhed, OrganisationFunktion } from '@stoettesystemer/model';
import { formatInstant, malformed } from '@stoettesystemer/object';
import {
  Asking,
  give,
  integerOf,
  limits,
  type Parameters,
  Query,
  Route,
  Uuid,
} from '@stoettesystemer/server';
import type { FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Disclosure } from '../reads/disclosure';
import { type Consequence, KINDS_OF_CONSEQUENCE } from './consequence';
import { readCursor, writeCursor } from './consequence-cursor';
import { Consequences, type Preview } from './consequences';
import { wrongStep } from './plan';
import { ReorganisationDesk } from './reorganisation-desk';
import { roleQuestions } from './role-questions';

/** Previews that are kept for their next pages, and for how long. */
const KEPT = { max: 20, ttl: 5 * 60 * 1000 };

/** What a plan would bring about, page by page. */
@Controller('v1/omorganiseringer/:uuid/konsekvenser')
export class ConsequencesController {
  private readonly kept = new LRUCache<string, Preview>(KEPT);

  constructor(
    private readonly consequences: Consequences,
    private readonly desk: ReorganisationDesk,
    private readonly disclosure: Disclosure,
    private readonly store: ObjectStore,
  ) {}

  @Get()
  @Route({
    may: { verb: 'laes', types: [Omorganisering] },
    searches: true,
    parameters: ['slags', 'limit', 'cursor'],
  })
  async page(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Query() parameters: Parameters,
    @Res() reply: FastifyReply,
  ) {
    const kinds = kindsOf(parameters);
    const limit = integerOf(parameters, 'limit', 1, limits.search.most) ?? limits.search.limit;
    const plan = await this.desk.plan(ask, uuid);
    if (plan.state !== 'Kladde') throw wrongStep('Planen er anvendt. Se forskellen mellem to dage i stedet.');
    const { secret } = this.store.options;
    const question = { caller: ask.caller, plan: uuid, number: plan.number, slags: kinds.join() };
    const { cursor } = parameters;
    const [basis, start] = cursor === undefined ? [] : readCursor(secret, question, cursor).split(' ');
    const key = (seen: string) => `${whoOf(ask)} ${uuid} ${plan.number} ${seen}`;
    let preview = basis === undefined ? undefined : this.kept.get(key(basis));
    if (!preview) {
      preview = await this.consequences.of(ask, plan);
      if (basis !== undefined && sumOf(basis) !== sumOf(preview.basis))
        throw malformed('cursor', '?cursor', 'Det, planen ændrer, er ændret imens. Begynd forfra.');
      this.kept.set(key(preview.basis), preview);
    }
    const chosen = preview.consequences.filter(({ slags }) => kinds.length === 0 || kinds.includes(slags));
    const from = Number(start ?? 0);
    const shown = chosen.slice(from, from + limit);
    const next = from + limit < chosen.length ? `${preview.basis} ${from + limit}` : null;
    await this.disclosure.log(ask, 'konsekvenser', disclosed(shown));
    const body = {
      omorganisering: uuid,
      nummer: plan.number,
      ikrafttraeden: formatInstant(plan.at),
      grundlag: preview.basis,
      kanAnvendes: !preview.consequences.some(({ slags }) => slags === 'Hindring'),
      antal: countsOf(preview.consequences),
      adgangsroller: roleQuestions(preview.consequences),
      data: shown,
      naeste: next === null ? null : writeCursor(secret, question, next),
    };
    give(reply, { status: 200, headers: { 'cache-control': 'no-store' }, body: JSON.stringify(body) });
  }
}

/** One and the same for as long as the caller may see the same. */
const whoOf = ({ caller: { owner, system, subject, groups } }: Ask): string =>
  createHash('sha256')
    .update(JSON.stringify([owner, system, subject, groups]))
    .digest('base64url');

const sumOf = (basis: string): string => basis.slice(basis.lastIndexOf('.') + 1);

/** @throws Refusal 400 */
function kindsOf({ slags }: Parameters): readonly string[] {
  const kinds = slags === undefined ? [] : slags.split(',');
  if (kinds.some((kind) => !(KINDS_OF_CONSEQUENCE as readonly string[]).includes(kind)))
    throw malformed('vaerdi', '?slags', `Skal være blandt: ${KINDS_OF_CONSEQUENCE.join(', ')}.`);
  return kinds;
}

function countsOf(consequences: readonly Consequence[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { slags } of consequences) counts[slags] = (counts[slags] ?? 0) + 1;
  return counts;
}

/** The units and functions that a page tells of. */
function disclosed(shown: readonly Consequence[]) {
  const units = shown.flatMap((each) => ('enhed' in each ? [each.enhed] : []));
  const functions = shown.flatMap((each) =>
    'medlem' in each
      ? [each.medlem.funktion]
      : 'funktion' in each
        ? [each.funktion]
        : each.slags === 'MedlemAendret'
          ? [each.nu.funktion]
          : [],
  );
  return [
    { type: OrganisationEnhed, uuids: [...new Set(units)] },
    { type: OrganisationFunktion, uuids: [...new Set(functions)] },
  ].filter(({ uuids }) => uuids.length > 0);
}
