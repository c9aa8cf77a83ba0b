import { type Dimension, isPermission, type Owned } from '@stoettesystemer/access';
import type { Given, Knowledge, KnownAgreement, KnownJobFunction, KnownServiceRole } from './knowledge';
import { NSIS_LEVELS, type Question } from './question';
import type { Wish } from './access';

/** What somebody could change in what is registered, alone; `about` is the UUID of the object that it is done to. */
export interface SingleChange {
  readonly kode: string;
  readonly tekst: string;
  readonly about: string | null;
  readonly after: { readonly knowledge: Knowledge; readonly question: Question };
}

interface Situation {
  readonly knowledge: Knowledge;
  readonly question: Question;
  readonly wish: Wish;
}

const replaced = <T>(list: readonly T[], old: T, by: T): T[] =>
  list.map((each) => (each === old ? by : each));
const without = <T>(list: readonly T[], one: T): T[] => list.filter((each) => each !== one);

/** Every single change that could be to the point. Which of them would alter the answer is found by asking again. */
export function* singleChanges(situation: Situation): Generator<SingleChange> {
  yield* ofSystem(situation);
  for (const agreement of situation.knowledge.agreements) yield* ofAgreement(situation, agreement);
  for (const job of situation.knowledge.user?.jobFunctions ?? []) yield* ofJobFunction(situation, job);
  yield* ofLogin(situation);
}

const change = (
  { question }: Situation,
  kode: string,
  tekst: string,
  about: string | null,
  knowledge: Knowledge,
): SingleChange => ({ kode, tekst, about, after: { knowledge, question } });

function* ofSystem(situation: Situation): Generator<SingleChange> {
  const { knowledge, question } = situation;
  const { system } = knowledge;
  if (!system) return;
  const become = (by: Partial<typeof system>): Knowledge => ({ ...knowledge, system: { ...system, ...by } });
  const { uuid, navn } = system;
  yield system.isClosed
    ? change(situation, 'aabn_system', `It-systemet ${navn} åbnes igen.`, uuid, become({ isClosed: false }))
    : change(situation, 'luk_system', `It-systemet ${navn} lukkes.`, uuid, become({ isClosed: true }));
  if (system.authorities.length > 0 && !system.authorities.includes(question.owner))
    yield change(
      situation,
      'udvid_myndighedsafgraensning',
      `${question.owner} føjes til de myndigheder, der må indgå aftaler om ${navn}.`,
      uuid,
      become({ authorities: [...system.authorities, question.owner] }),
    );
}

function* ofAgreement(situation: Situation, agreement: KnownAgreement): Generator<SingleChange> {
  const { knowledge, wish } = situation;
  const { uuid, navn, status, given } = agreement;
  const become = (by: Partial<KnownAgreement>): Knowledge => ({
    ...knowledge,
    agreements: replaced(knowledge.agreements, agreement, { ...agreement, ...by }),
  });
  if (status !== 'Aktiv') {
    yield change(
      situation,
      'saet_aftale_i_kraft',
      `Aftalen »${navn}« sættes i kraft.`,
      uuid,
      become({ status: 'Aktiv' }),
    );
    return;
  }
  yield change(
    situation,
    'ophaev_aftale',
    `Aftalen »${navn}« ophæves.`,
    uuid,
    become({ status: 'Ophaevet' }),
  );
  const inService = knowledge.serviceRoles;
  for (const each of given) {
    const role = inService.find(({ uuid: id }) => id === each.role);
    if (!role) continue;
    const name = `Rollen »${role.navn}« i aftalen »${navn}«`;
    const rest = { given: without(given, each) };
    yield change(situation, 'fjern_rolle', `${name} fjernes.`, uuid, become(rest));
    for (const [kode, tekst, by] of widened(knowledge, wish, each))
      yield change(situation, kode, `${name} ${tekst}`, uuid, become({ given: replaced(given, each, by) }));
  }
  for (const role of inService.filter(({ privileges }) => privileges.includes(wish.operation)))
    if (!given.some((each) => each.role === role.uuid))
      yield change(
        situation,
        'tilfoej_rolle',
        `Rollen »${role.navn}« føjes til aftalen »${navn}«, uden afgrænsning.`,
        uuid,
        become({ given: [...given, unrestricted(role)] }),
      );
}

function* ofJobFunction(situation: Situation, job: KnownJobFunction): Generator<SingleChange> {
  const { knowledge, wish } = situation;
  const { role, delegation } = job;
  if (!role) return;
  const become = (by: Partial<KnownJobFunction>): Knowledge => ({
    ...knowledge,
    user: {
      ...knowledge.user!,
      jobFunctions: replaced(knowledge.user!.jobFunctions, job, { ...job, ...by }),
    },
  });
  const { uuid, navn, given } = role;
  yield change(situation, 'tag_jobfunktion', `Brugeren mister jobfunktionsrollen »${navn}«.`, uuid, {
    ...knowledge,
    user: { ...knowledge.user!, jobFunctions: without(knowledge.user!.jobFunctions, job) },
  });
  if (!role.isApproved)
    yield change(
      situation,
      'godkend_jobfunktion',
      `Jobfunktionsrollen »${navn}« godkendes.`,
      uuid,
      become({ role: { ...role, isApproved: true } }),
    );
  if (delegation)
    yield delegation.isAccepted
      ? change(
          situation,
          'ophaev_delegation',
          `Delegationen af »${navn}« ophæves.`,
          delegation.uuid,
          become({ delegation: { ...delegation, isAccepted: false } }),
        )
      : change(
          situation,
          'accepter_delegation',
          `»${navn}« delegeres til brugerens myndighed, og den siger ja.`,
          delegation.uuid,
          become({ delegation: { ...delegation, isAccepted: true } }),
        );
  for (const each of given) {
    const name = knowledge.userRoles.find(({ uuid: id }) => id === each.role)?.navn ?? each.role;
    for (const [kode, tekst, by] of widened(knowledge, wish, each))
      yield change(
        situation,
        kode,
        `Rollen »${name}« i jobfunktionsrollen »${navn}« ${tekst}`,
        uuid,
        become({ role: { ...role, given: replaced(given, each, by) } }),
      );
  }
  for (const userRole of knowledge.userRoles.filter(({ privileges }) => privileges.includes(wish.operation)))
    if (!given.some((each) => each.role === userRole.uuid))
      yield change(
        situation,
        'tilfoej_rolle',
        `Rollen »${userRole.navn}« føjes til jobfunktionsrollen »${navn}«, uden afgrænsning.`,
        uuid,
        become({ role: { ...role, given: [...given, unrestricted(userRole)] } }),
      );
}

function* ofLogin(situation: Situation): Generator<SingleChange> {
  const { knowledge, question } = situation;
  const { user } = question;
  if (!user || !knowledge.user) return;
  if (!knowledge.user.isFederated)
    yield change(
      situation,
      'indgaa_foederationsaftale',
      'Myndigheden indgår en føderationsaftale om brugerens IdP.',
      user.idp,
      { ...knowledge, user: { ...knowledge.user, isFederated: true } },
    );
  for (const level of NSIS_LEVELS.slice(NSIS_LEVELS.indexOf(user.level) + 1))
    yield {
      kode: 'log_ind_hoejere',
      tekst: `Brugeren logger ind på NSIS-niveau ${level}.`,
      about: null,
      after: { knowledge, question: { ...question, user: { ...user, level } } },
    };
}

const unrestricted = ({ uuid, carries }: Pick<KnownServiceRole, 'uuid' | 'carries'>): Given => ({
  role: uuid,
  limits: carries
    .filter(({ isRequired }) => isRequired)
    .map(({ type }) => ({ type, values: ['*'], isDynamic: false })),
});

/** The object's own value of a restriction, at whatever time. */
const valuesOf = ({ scopes }: Owned, dimension: Dimension): string[] => [
  ...new Set(scopes.flatMap((scope) => [scope[dimension] ?? []].flat())),
];

/** A role with one of its restrictions reaching the object too, or everything where the object has no such value. */
function* widened(
  { dimensions }: Knowledge,
  { object }: Wish,
  given: Given,
): Generator<[kode: string, tekst: string, by: Given]> {
  for (const limit of given.limits) {
    const dimension = dimensions[limit.type];
    if (dimension && isPermission(dimension)) {
      // Yes or no, it is about what is shown; only one that is left open takes the role away.
      if (limit.values.length === 0) {
        const by = { ...limit, isDynamic: false, values: ['ja'] };
        const limits = replaced(given.limits, limit, by);
        yield ['udvid_afgraensning', `får et ja til ${dimension}.`, { ...given, limits }];
      }
      continue;
    }
    const own = object && dimension ? valuesOf(object.owned, dimension) : [];
    for (const value of own.length > 0 ? own : ['*'])
      if (!limit.values.includes(value))
        yield [
          'udvid_afgraensning',
          `afgrænses også til ${value === '*' ? 'alle' : value} (${dimension ?? limit.type}).`,
          {
            ...given,
            limits: replaced(given.limits, limit, {
              ...limit,
              isDynamic: false,
              values: [...limit.values, value],
            }),
          },
        ];
  }
}
