import { allows, type Caller, holds } from '@stoettesystemer/access';
import { OrganisationEnhed, OrganisationFunktion } from '@stoettesystemer/model';
import { now } from '@stoettesystemer/object';
import type { DirectoryObject, Restriction } from './directory-object';

const TYPES = { unit: OrganisationEnhed, function: OrganisationFunktion };

/** What of one municipality's directory a caller may see. Made for one request: rights are those of its moment. */
export class Sight {
  private readonly moment = now();
  private readonly decided = {
    unit: new Map<string, boolean>(),
    function: new Map<string, boolean>(),
  };

  constructor(
    private readonly caller: Caller,
    private readonly owner: string,
  ) {}

  /** Whether the caller may see any function at all. */
  get reachesFunctions(): boolean {
    return holds(this.caller, OrganisationFunktion, 'laes');
  }

  /** `allows`, asked once for all objects that have the same restrictions now. */
  sees({ kind, restrictions }: DirectoryObject): boolean {
    const key = keyAt(restrictions, Number(this.moment));
    const known = this.decided[kind];
    let seen = known.get(key);
    if (seen === undefined) {
      const owned = { owner: this.owner, scopes: restrictions.map(({ entry }) => entry) };
      known.set(key, (seen = allows(this.caller, TYPES[kind], 'laes', owned, this.moment)));
    }
    return seen;
  }
}

/** What is in force now; nearly always one entry. */
function keyAt(restrictions: readonly Restriction[], moment: number): string {
  let found = '';
  for (const { key, entry } of restrictions)
    if (entry.fra <= moment && (entry.til === null || entry.til > moment))
      found = found === '' ? key : `${found}\n${key}`;
  return found;
}
