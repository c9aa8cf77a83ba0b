import type { ConstraintValue } from '@stoettesystemer/access';
import type { Carries, Given, Knowledge, KnownAgreement, KnownJobFunction, Limit } from './knowledge';
import {
  type Decision,
  type Granted,
  type Ground,
  NSIS_LEVELS,
  type Question,
  type Refused,
} from './question';
import { tokenConstraint } from './token-constraint';

interface Found {
  readonly groups: readonly Granted[];
  readonly void: readonly Ground[];
}
const NOTHING: Found = { groups: [], void: [] };
const both = (found: readonly Found[]): Found => ({
  groups: found.flatMap(({ groups }) => groups),
  void: found.flatMap((each) => each.void),
});
const nothing = (ground: Ground, why: string): Found => ({ groups: [], void: [{ ...ground, voided: why }] });

/**
 * May the system, alone or with the user, have a token; and what does the token say? Everything that decides is in the
 * arguments, so that a token and an explanation of it, now or as of then, come out of the same.
 */
export function decide(knowledge: Knowledge, question: Question): Decision {
  const refuse = (refused: Refused, voids: readonly Ground[] = []): Decision => ({
    refused,
    groups: [],
    void: voids,
    agreement: null,
    until: knowledge.until,
  });
  const { system, service, agreements } = knowledge;
  if (!system) return refuse('ukendt_system');
  if (system.isClosed) return refuse('system_lukket');
  if (!service) return refuse('ukendt_service');
  if (system.authorities.length > 0 && !system.authorities.includes(question.owner))
    return refuse('myndighed_afgraenset');
  if (agreements.length === 0) return refuse('ingen_aftale');
  const inForce = agreements.filter((each) => isInForce(each, knowledge));
  if (inForce.length === 0) return refuse('aftale_ikke_i_kraft', agreements.map(asGround));
  const ordered = inForce.toSorted(byPrecedence(question));
  const agreement = ordered.find((each) => isAbout(knowledge, question, each)) ?? ordered[0]!;
  const ours = both(agreement.given.map((given) => systemGroup(knowledge, question, agreement, given)));
  if (ours.groups.length === 0) return refuse('ingen_roller', ours.void);
  const theirs = question.user ? userGroups(knowledge, question) : NOTHING;
  if (typeof theirs === 'string') return refuse(theirs, ours.void);
  if (question.user && theirs.groups.length === 0)
    return refuse('ingen_jobfunktioner', [...ours.void, ...theirs.void]);
  return {
    refused: null,
    ...both([ours, theirs]),
    agreement: { uuid: agreement.uuid, version: agreement.version },
    until: knowledge.until,
  };
}

const isInForce = ({ status, isTest }: KnownAgreement, { allowsTest }: Knowledge): boolean =>
  status === 'Aktiv' && (allowsTest || !isTest);
const asGround = ({ uuid, status }: KnownAgreement): Ground => ({
  kind: 'system',
  agreement: uuid,
  voided: status === 'Aktiv' ? 'testaftale' : `aftale_${status.toLowerCase()}`,
});

/** A token has one agreement, which ends it: the municipality's own before a common one, the newest before an older. */
const byPrecedence =
  ({ owner }: Question) =>
  (a: KnownAgreement, b: KnownAgreement): number => {
    if ((a.owner === owner) !== (b.owner === owner)) return a.owner === owner ? -1 : 1;
    return a.since === b.since ? (a.uuid < b.uuid ? -1 : 1) : a.since > b.since ? -1 : 1;
  };

/**
 * Whether it gives a role in the service that reaches the municipality: a system can have an agreement for each service.
 * One whose roles give nothing counts all the same, or what it takes away an older one would give.
 */
const isAbout = (
  { serviceRoles }: Knowledge,
  question: Question,
  { owner, given }: KnownAgreement,
): boolean =>
  given.some(({ role: id }) => {
    const role = serviceRoles.find(({ uuid }) => uuid === id);
    return role !== undefined && (owner === question.owner || role.isCrossing);
  });

function systemGroup(
  knowledge: Knowledge,
  { owner }: Question,
  agreement: KnownAgreement,
  given: Given,
): Found {
  const role = knowledge.serviceRoles.find(({ uuid }) => uuid === given.role);
  const ground: Ground = { kind: 'system', agreement: agreement.uuid, role: given.role };
  // Another service's: no concern of this token.
  if (!role) return NOTHING;
  if (agreement.owner !== owner && !role.isCrossing)
    return nothing(ground, 'rollen_gaelder_kun_aftalens_myndighed');
  const { uuid, organisation } = knowledge.system!;
  const kept = role.keptTo.map(({ type, to }): Limit => {
    return { type, values: [to === 'system' ? uuid : organisation], isDynamic: false };
  });
  // A system has no IdP to fill in what is left open.
  const limits = filled(given.limits, {});
  const constraints = constraintsOf(knowledge, role.carries, [...limits, ...kept]);
  if (typeof constraints === 'string') return nothing(ground, constraints);
  return { groups: [{ kind: 'system', privileges: role.privileges, constraints, ground }], void: [] };
}

function userGroups(knowledge: Knowledge, question: Question): Found | Refused {
  const { user } = knowledge;
  if (!user?.isFederated) return 'ingen_foederationsaftale';
  return both(user.jobFunctions.map((each) => groupsOfJob(knowledge, question, each)));
}

function groupsOfJob(knowledge: Knowledge, question: Question, job: KnownJobFunction): Found {
  const { said, role, delegation } = job;
  const ground: Ground = {
    kind: 'user',
    ...(role ? { jobFunction: role.uuid } : {}),
    ...(delegation?.uuid ? { delegation: delegation.uuid } : {}),
  };
  if (said.scope !== question.owner) return nothing(ground, 'jobfunktion_for_anden_myndighed');
  if (!role) return nothing(ground, 'ukendt_jobfunktion');
  if (delegation && !delegation.isAccepted) return nothing(ground, 'ikke_delegeret');
  if (!role.isApproved) return nothing(ground, 'jobfunktion_ikke_godkendt');
  return both(role.given.map((given) => userGroup(knowledge, question, job, given, ground)));
}

function userGroup(
  knowledge: Knowledge,
  { user, system, through }: Question,
  { said, delegation }: KnownJobFunction,
  given: Given,
  above: Ground,
): Found {
  const ground: Ground = { ...above, role: given.role };
  const role = knowledge.userRoles.find(({ uuid }) => uuid === given.role);
  if (!role) return nothing(ground, 'ukendt_brugersystemrolle');
  if (role.system !== (through ?? system)) return nothing(ground, 'rolle_i_andet_system');
  if (!role.services.includes(knowledge.service!.uuid)) return nothing(ground, 'rolle_i_anden_service');
  if (NSIS_LEVELS.indexOf(user!.level) < NSIS_LEVELS.indexOf(role.level))
    return nothing(ground, 'nsis_niveau');
  if (delegation && given.limits.some(({ isDynamic }) => isDynamic))
    return nothing(ground, 'delegeret_rolle_kan_ikke_vaere_dynamisk');
  const limits = filled(given.limits, said.dynamic);
  const constraints = constraintsOf(knowledge, role.carries, limits);
  if (typeof constraints === 'string') return nothing(ground, constraints);
  return { groups: [{ kind: 'user', privileges: role.privileges, constraints, ground }], void: [] };
}

const filled = (limits: readonly Limit[], dynamic: Readonly<Record<string, readonly string[]>>): Limit[] =>
  limits.map((limit) =>
    limit.isDynamic
      ? { ...limit, values: Object.hasOwn(dynamic, limit.type) ? dynamic[limit.type]! : [] }
      : limit,
  );

/** What a token says of a role's restrictions; or, in one word, why the role gives nothing (A7). */
function constraintsOf(
  { dimensions }: Knowledge,
  carries: readonly Carries[],
  limits: readonly Limit[],
): Readonly<Record<string, ConstraintValue>> | string {
  if (limits.some(({ values }) => values.length === 0)) return 'afgraensning_uden_vaerdi';
  if (carries.some(({ type, isRequired }) => isRequired && !limits.some((limit) => limit.type === type)))
    return 'kraevet_afgraensning_mangler';
  const constraints: Record<string, ConstraintValue> = {};
  for (const { type, values } of limits) {
    // A type that is not known restricts to something that nobody can judge.
    const dimension = Object.hasOwn(dimensions, type) ? dimensions[type] : undefined;
    if (dimension === undefined) return 'ukendt_afgraensningstype';
    const name = dimension ?? type;
    if (Object.hasOwn(constraints, name)) return 'afgraensning_to_gange';
    constraints[name] = tokenConstraint(dimension, values);
  }
  return constraints;
}
