import { allows, type Caller, holds } from '@stoettesystemer/access';
import { OrganisationEnhed, OrganisationFunktion } from '@stoettesystemer/model';
import { now } from '@stoettesystemer/object';
import type { DirectoryObject, Restriction } from './directory-object';

const TYPES = { unit: OrganisationEnhed, function: OrganisationFunktion };

type Decided = Readonly<Record<DirectoryObject['kind'], Map<string, boolean>>>;
/** By caller and owner. What is decided depends on the restrictions in force alone, and those are in the key. */
const decided = new WeakMap<Caller, Map<string, Decided>>();

function decidedFor(caller: Caller, owner: string): Decided {
  let ofCaller = decided.get(caller);
  if (!ofCaller) decided.set(caller, (ofCaller = new Map<string, Decided>()));
  let known = ofCaller.get(owner);
  if (!known) ofCaller.set(owner, (known = { unit: new Map(), function: new Map() }));
  return known;
}

/** What of one municipality's directory a caller may see. Made for one request: rights are those of its moment. */
export class Sight {
  private readonly instant = now();
  private readonly decided: Decided;
  /** The moment that rights are of. */
  readonly moment = Number(this.instant);

  constructor(
    private readonly caller: Caller,
    private readonly owner: string,
  ) {
    this.decided = decidedFor(caller, owner);
  }

  /** Whether the caller may see any function at all. */
  get reachesFunctions(): boolean {
    return holds(this.caller, OrganisationFunktion, 'laes');
  }

  /** `allows`, asked once by a caller for all objects that have the same restrictions now. */
  sees({ kind, restrictions }: DirectoryObject): boolean {
    const key = keyAt(restrictions, this.moment);
    const known = this.decided[kind];
    let seen = known.get(key);
    if (seen === undefined) {
      const owned = { owner: this.owner, scopes: restrictions.map(({ entry }) => entry) };
      known.set(key, (seen = allows(this.caller, TYPES[kind], 'laes', owned, this.instant)));
    }
    return seen;
  }
}

/** What is in force now; nearly always one entry. */
export function keyAt(restrictions: readonly Restriction[], moment: number): string {
  let found = '';
  for (const { key, entry } of restrictions)
    if (entry.fra <= moment && (entry.til === null || entry.til > moment))
      found = found === '' ? key : `${found}\n${key}`;
  return found;
}
