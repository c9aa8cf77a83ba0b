import { Controller, HttpCode, Post } from '@nestjs/common';
import { audienceOf, type Owned, type Verb } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import { SERVICES } from '@stoettesystemer/model';
import { invalid, now, parseInstant } from '@stoettesystemer/object';
import { Asking, Body, Route, type Taken } from '@stoettesystemer/server';
import type { OnType, Wish } from './access';
import { Deciding } from './deciding';
import { explain } from './explain';
import { answerOf } from './explanation-answer';
import { type ExplanationBody, explanationShape } from './explanation-body';
import { entityIdOf } from './our-services';
import type { Question } from './question';

const VERBS: readonly string[] = ['laes', 'skriv', 'slet', 'importer', 'historik'];

/** Two services may each have a type of one name. */
function onTypeOf(service: string, operation: string): OnType | null {
  const [name, verb = ''] = operation.split(':');
  const ours = Object.entries(SERVICES).find(([prefix]) => audienceOf(prefix) === service);
  const { types = [], passing = [] } = ours?.[1] ?? {};
  const type = [...types, ...passing].find((each) => each.name.toLowerCase() === name);
  return type && VERBS.includes(verb) ? { type, verb: verb as Verb } : null;
}

function wishOf(
  { handling: operation, objekt }: ExplanationBody,
  { service, owner, at }: Pick<Question, 'service' | 'owner' | 'at'>,
): Wish {
  const on = onTypeOf(service, operation);
  if (!objekt) return { operation, object: null, on, at };
  if (!on)
    throw invalid(
      'handling',
      '/handling',
      'Et objekt kan kun holdes op imod en handling på en af vores typer.',
    );
  const { ejer, ...restrictions } = objekt;
  const owned: Owned = { owner: ejer ?? owner, scopes: [{ fra: 0, til: null, ...restrictions }] };
  return { operation, object: { ...on, owned }, on, at };
}

/** Why something is allowed or not, and what would alter it; as of any point of both times. */
@Controller('v1/forklaringer')
export class ExplanationController {
  constructor(private readonly deciding: Deciding) {}

  @Post()
  @HttpCode(200)
  @Route({ privilege: 'adgangsstyring:forklar' })
  async explain(@Asking() { caller }: Ask, @Body(explanationShape) { value }: Taken<ExplanationBody>) {
    const { owner } = caller;
    const at = value.virkningstid ? parseInstant(value.virkningstid)! : now();
    const known = value.registreringstid ? parseInstant(value.registreringstid) : null;
    const { bruger: user } = value;
    const question: Question = {
      system: value.system.toLowerCase(),
      service: entityIdOf(value.service),
      owner,
      at,
      ...(user
        ? {
            user: {
              home: user.hjemme ?? owner,
              idp: user.idp.toLowerCase(),
              level: user.nsisNiveau,
              jobFunctions: user.jobfunktioner.map(({ entityId, myndighed, dynamisk = [] }) => ({
                scope: myndighed ?? owner,
                entityId,
                dynamic: Object.fromEntries(
                  dynamisk.map((each) => [each.dataafgraensningstype, each.vaerdier]),
                ),
              })),
            },
          }
        : {}),
    };
    const knowledge = await this.deciding.knowledge(question, known);
    return answerOf(knowledge, explain(knowledge, question, wishOf(value, question)));
  }
}
