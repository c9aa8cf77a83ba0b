import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { type Content, LEVELS } from './journal';

/** The rules of A7, without CASL, SQL or bytes. */
const kleFits = (pattern: string, kle: string): boolean =>
  pattern === '*' || (pattern.endsWith('.*') ? kle.startsWith(pattern.slice(0, -1)) : kle === pattern);
function fitsGroup({ constraints }: PrivilegeGroup, { kle, level, unit }: Content): boolean {
  const listed = (name: string): string[] | null => {
    const value = constraints[name];
    return value === undefined ? null : ([value].flat() as string[]);
  };
  const [patterns, levels, units] = [listed('kle'), listed('foelsomhed'), listed('orgenhed')];
  const rank = level === undefined ? LEVELS.length - 1 : LEVELS.indexOf(level);
  return (
    (!patterns ||
      patterns.includes('*') ||
      (kle !== undefined && patterns.some((pattern) => kleFits(pattern, kle)))) &&
    (!levels || levels.includes('*') || levels.some((each) => LEVELS.indexOf(each) >= rank)) &&
    (!units || units.includes('*') || (unit !== undefined && units.includes(unit)))
  );
}
export const naive = ({ groups }: Caller, content: Content): boolean =>
  [...new Set(groups.map(({ kind }) => kind))].every((kind) =>
    groups.some((each) => each.kind === kind && fitsGroup(each, content)),
  );
