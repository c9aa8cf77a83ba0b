import type { ConstraintName, ConstraintValue } from '@stoettesystemer/access';
import type { FacetItem, FacetItems } from '@stoettesystemer/engine';
import type { Fault } from '@stoettesystemer/object';
import { tokenConstraint } from '../decision/token-constraint';
import { faultsOf } from '../restriction/restriction-values';
import { sizeFault } from '../token-service/token-size';
import type { Catalogue, UserRole } from './catalogue';
import { textOf, textsOf } from './periods';

/** Something in a jobfunktionsrolle that gives nothing, or more than it says. */
export interface RoleFault extends Fault {
  /** Id of the item in `rolle`. */
  readonly rolleId: string;
  /** entityId of the restriction's type. */
  readonly dataafgraensningstype?: string;
}

export const OUTSIDE = 'myndighedsafgraensning';
const ROLLE = '/attributter/rolle';
const AFGRAENSNING = '/attributter/afgraensning';

/**
 * What is wrong with a jobfunktionsrolle at one moment: the roles and restrictions that it holds then, against what
 * vendors have registered.
 */
export async function roleFaults(
  slice: FacetItems,
  catalogue: Catalogue,
  owner: string,
): Promise<RoleFault[]> {
  const limits = slice['afgraensning'] ?? [];
  const faults: RoleFault[] = [];
  for (const item of slice['rolle'] ?? []) {
    const rolleId = textOf(item, 'id')!;
    const own = limits.filter((limit) => textOf(limit, 'rolleId') === rolleId);
    const role = await catalogue.role((textOf(item, 'brugersystemrolle') ?? '').toLowerCase());
    const problem = problemOf(role, owner);
    if (problem) faults.push({ rolleId, sti: ROLLE, ...problem });
    if (!role) continue;
    faults.push(...missing(role, own, rolleId));
    for (const limit of own) faults.push(...(await limitFaults(role, limit, own, catalogue)));
  }
  return faults;
}

/** Whether what the roles give can never come in a token, in Danish, or null. A value from the IdP takes no room here. */
export async function roleSizeFault(
  slice: FacetItems,
  catalogue: Catalogue,
  owner: string,
): Promise<string | null> {
  const given: Parameters<typeof sizeFault>[0][number][] = [];
  for (const item of slice['rolle'] ?? []) {
    const role = await catalogue.role((textOf(item, 'brugersystemrolle') ?? '').toLowerCase());
    if (!role) continue;
    const constraints: Record<string, ConstraintValue> = {};
    for (const limit of slice['afgraensning'] ?? []) {
      if (textOf(limit, 'rolleId') !== textOf(item, 'id') || limit['dynamisk'] === true) continue;
      const type = textOf(limit, 'dataafgraensningstype')!;
      const dimension = ((await catalogue.type(type))?.dimension ?? null) as ConstraintName | null;
      constraints[dimension ?? type] = tokenConstraint(dimension, textsOf(limit, 'vaerdier'));
    }
    given.push({
      services: role.services,
      group: { kind: 'user', privileges: role.privileges, constraints },
    });
  }
  return sizeFault(given, owner);
}

function problemOf(role: UserRole | null, owner: string): Pick<Fault, 'kode' | 'besked'> | null {
  if (!role) return { kode: 'rolle_findes_ikke', besked: 'Brugersystemrollen findes ikke eller er ophørt.' };
  if (!role.system)
    return { kode: 'system_lukket', besked: `Systemet, som ${role.navn} er i, er lukket eller findes ikke.` };
  const { authorities } = role.system;
  if (authorities.length === 0 || authorities.includes(owner)) return null;
  return { kode: OUTSIDE, besked: `Leverandøren har afgrænset ${role.navn} til andre myndigheder.` };
}

const missing = (role: UserRole, own: readonly FacetItem[], rolleId: string): RoleFault[] =>
  role.carries
    .filter(({ isRequired }) => isRequired)
    .filter(({ type }) => !own.some((limit) => textOf(limit, 'dataafgraensningstype') === type))
    .map(({ type }) => ({
      rolleId,
      dataafgraensningstype: type,
      sti: AFGRAENSNING,
      kode: 'afgraensning_mangler',
      besked: `${role.navn} kræver en afgrænsning af ${type}; * er alle.`,
    }));

async function limitFaults(
  role: UserRole,
  limit: FacetItem,
  own: readonly FacetItem[],
  catalogue: Catalogue,
): Promise<RoleFault[]> {
  const type = textOf(limit, 'dataafgraensningstype')!;
  const fault = (kode: string, besked: string): RoleFault => ({
    rolleId: textOf(limit, 'rolleId')!,
    dataafgraensningstype: type,
    sti: AFGRAENSNING,
    kode,
    besked: `${textOf(limit, 'id')}: ${besked}`,
  });
  if (own.filter((each) => textOf(each, 'dataafgraensningstype') === type).length > 1)
    return [fault('gentaget', `${type} er afgrænset mere end én gang for samme rolle.`)];
  if (!role.carries.some((each) => each.type === type))
    return [fault('afgraensning_ukendt', `${role.navn} kan ikke afgrænses ved ${type}.`)];
  const known = await catalogue.type(type);
  if (!known)
    return [fault('type_findes_ikke', `Dataafgrænsningstypen ${type} findes ikke eller er ophørt.`)];
  const values = textsOf(limit, 'vaerdier');
  if (limit['dynamisk'] === true)
    return values.length > 0 ? [fault('dynamisk', 'En dynamisk afgrænsning har ingen værdier.')] : [];
  return faultsOf(known, values).map((besked) => fault('vaerdi', besked));
}
