import type { Explanation } from './explain';
import type { Knowledge } from './knowledge';
import type { Ground } from './question';
import { REFUSED, voidedText } from './words';

/** A ground with the names of what it rests on, for people. */
const groundOf = ({ agreements, serviceRoles, userRoles, user }: Knowledge, ground: Ground) => {
  const { kind, agreement, jobFunction, delegation, role } = ground;
  const named = <T extends { uuid: string; navn: string }>(list: readonly T[], uuid: string | undefined) =>
    uuid === undefined ? null : { uuid, navn: list.find((each) => each.uuid === uuid)?.navn ?? null };
  const jobs = (user?.jobFunctions ?? []).flatMap((each) => (each.role ? [each.role] : []));
  return {
    slags: kind === 'system' ? ('system' as const) : ('bruger' as const),
    serviceaftale: named(agreements, agreement),
    jobfunktionsrolle: named(jobs, jobFunction),
    delegation: delegation ?? null,
    rolle: named<{ uuid: string; navn: string }>(kind === 'system' ? serviceRoles : userRoles, role),
  };
};

const sentence = ({ isAllowed, decision, hidden }: Explanation): string => {
  if (decision.refused !== null) return REFUSED[decision.refused];
  const names = hidden.map(({ member }) => member).join(' og ');
  if (isAllowed) return names === '' ? 'Det er tilladt.' : `Det er tilladt, men ${names} vises ikke.`;
  return 'Der udstedes et token, men ingen af rettighederne i det rækker til handlingen på objektet.';
};

/** An explanation as it is sent. */
export const answerOf = (knowledge: Knowledge, explanation: Explanation) => {
  const { isAllowed, decision, hidden, changes } = explanation;
  return {
    tilladt: isAllowed,
    svar: sentence(explanation),
    afvist: decision.refused,
    serviceaftale: decision.agreement,
    grundlag: decision.groups.map(({ ground, privileges, constraints }) => ({
      ...groundOf(knowledge, ground),
      privilegier: privileges,
      afgraensninger: constraints,
    })),
    bortfaldet: decision.void.map((ground) => ({
      ...groundOf(knowledge, ground),
      grund: ground.voided ?? '',
      tekst: voidedText(ground.voided ?? ''),
    })),
    skjult: hidden.map(({ facet, member, guard }) => ({ felt: `${facet}.${member}`, kraever: guard })),
    aendringer: changes.map(({ kode, tekst, about }) => ({ kode, tekst, uuid: about })),
  };
};
