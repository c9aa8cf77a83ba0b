import type { KleEntry, KleFacet } from './entry';
import type { FaultList, Position } from './fault';
import { facetOf, niveauOf, parentOf } from './kle-number';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Place {
  readonly at: Position;
  readonly sti: string;
  readonly overordnet: string | null;
}

/** What the schema cannot say: a number and a UUID are given once, and a number begins with that of its parent. */
export class Numbering {
  private readonly places = new Map<string, Place>();
  private readonly uuids = new Map<string, string>();

  constructor(private readonly faults: FaultList) {}

  add({ nr, niveau, overordnet, uuid }: KleEntry, at: Position, sti: string): void {
    const first = this.places.get(nr);
    if (first)
      this.faults.add('dublet', at, sti, `${niveau} ${nr} findes allerede i linje ${first.at.linje}`);
    else this.places.set(nr, { at, sti, overordnet });
    if (uuid === undefined) return;
    const owner = this.uuids.get(uuid);
    if (owner !== undefined) this.faults.add('dublet', at, sti, `${nr} har samme UUID som ${owner}`);
    else this.uuids.set(uuid, nr);
  }

  /**
   * Once all numbers are known. To stand under another number than one's own parent is a fault when that parent is in
   * the file; an extract may have lost it, as that of 2015-02-01 has lost Hovedgruppe 88.
   */
  checkPlaces(): void {
    for (const [nr, { at, sti, overordnet }] of this.places) {
      const own = niveauOf(nr) ? parentOf(nr) : overordnet;
      if (own === overordnet || own === null) continue;
      const besked = `${niveauOf(nr) ?? ''} ${nr} står under ${overordnet ?? 'ingenting'}`;
      if (this.places.has(own)) this.faults.add('nummer', at, sti, besked);
      else this.faults.warn(at, sti, `${besked}, for ${own} er ikke i filen`);
    }
  }

  /** For a flat list: every number's parent must be in it, wherever it stands, and all must be of one facet. */
  checkList(): void {
    for (const [nr, { at, sti, overordnet }] of this.places)
      if (overordnet !== null && !this.places.has(overordnet))
        this.faults.add(
          'nummer',
          at,
          sti,
          `${niveauOf(nr) ?? ''} ${nr} mangler sin overordnede, ${overordnet}`,
        );
    if (this.facets.size > 1)
      this.faults.add('nummer', { linje: 1, kolonne: 1 }, '', 'listen blander emner og handlingsfacetter');
  }

  get facets(): ReadonlySet<KleFacet> {
    return new Set([...this.places.keys()].flatMap((nr) => niveauOf(nr) ?? []).map(facetOf));
  }
}
