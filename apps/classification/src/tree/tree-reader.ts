import type { AsOf, Ask, ObjectStore, OutlineColumn, OutlineRow } from '@stoettesystemer/engine';
import { Facet, Klasse, Klassifikation } from '@stoettesystemer/model';
import { notFound } from '@stoettesystemer/object';
import { type Leaf, type Node, treesOf } from './tree';

/** What a tree shows. */
export interface TreeOptions {
  /** Levels of classes, from 1. */
  readonly depth: number;
  /** Also the classes that are not published at the time. */
  readonly unpublished: boolean;
}

export interface FacetTree {
  readonly uuid: string;
  readonly brugervendtNoegle: string;
  readonly titel: string | null;
  readonly underordnede: readonly Node[];
}

const NAME: readonly OutlineColumn[] = [
  { facet: 'egenskaber', member: 'brugervendtNoegle' },
  { facet: 'egenskaber', member: 'titel' },
];
const LEAF: readonly OutlineColumn[] = [
  ...NAME,
  { facet: 'egenskaber', member: 'sortering' },
  { facet: 'publiceretStatus' },
  { facet: 'overordnetKlasse' },
];

const leafOf = ({ uuid, owner, values }: OutlineRow): Leaf => {
  const [brugervendtNoegle, titel, sortering = null, publiceretStatus = null, overordnet = null] = values;
  return {
    uuid,
    ejer: owner,
    brugervendtNoegle: brugervendtNoegle ?? '',
    titel: titel ?? '',
    sortering,
    publiceretStatus,
    overordnet,
  };
};

/** Trees of classes at any point of both times, as far as the caller may see. */
export class TreeReader {
  constructor(private readonly store: ObjectStore) {}

  /** @throws Refusal 404 when the facet is not there at the time. */
  async ofFacet(ask: Ask, uuid: string, at: AsOf, options: TreeOptions): Promise<FacetTree> {
    const [facet] = await this.facets(ask, { felt: 'uuid', lig: uuid }, at);
    if (!facet) throw notFound();
    return this.grown(ask, facet, at, options);
  }

  /** One tree for each facet of the klassifikation. */
  async ofKlassifikation(
    ask: Ask,
    uuid: string,
    at: AsOf,
    options: TreeOptions,
  ): Promise<readonly FacetTree[]> {
    const found = await this.store.outline(ask, Klassifikation, NAME, { felt: 'uuid', lig: uuid }, at);
    if (found.length === 0) throw notFound();
    const facets = await this.facets(ask, { felt: 'facetTilhoerer', lig: { uuid } }, at);
    const trees: FacetTree[] = [];
    for (const facet of facets) trees.push(await this.grown(ask, facet, at, options));
    return trees;
  }

  /** The class with all that is under it. */
  async ofKlasse(ask: Ask, uuid: string, at: AsOf, options: TreeOptions): Promise<Node> {
    const [found] = await this.store.outline(
      ask,
      Klasse,
      [{ facet: 'facet' }],
      { felt: 'uuid', lig: uuid },
      at,
    );
    const facet = found?.values[0];
    if (!facet) throw notFound();
    const [tree] = treesOf(await this.leaves(ask, facet, at, options), options.depth, uuid);
    if (!tree) throw notFound();
    return tree;
  }

  private facets(ask: Ask, where: { felt: string; lig: string | { uuid: string } }, at: AsOf) {
    return this.store.outline(ask, Facet, NAME, where, at);
  }

  private async grown(
    ask: Ask,
    { uuid, values }: OutlineRow,
    at: AsOf,
    options: TreeOptions,
  ): Promise<FacetTree> {
    const [brugervendtNoegle, titel = null] = values;
    const underordnede = treesOf(await this.leaves(ask, uuid, at, options), options.depth);
    return { uuid, brugervendtNoegle: brugervendtNoegle ?? '', titel, underordnede };
  }

  private async leaves(ask: Ask, facet: string, at: AsOf, { unpublished }: TreeOptions): Promise<Leaf[]> {
    const rows = await this.store.outline(ask, Klasse, LEAF, { felt: 'facet', lig: { uuid: facet } }, at);
    return rows.map(leafOf).filter((leaf) => unpublished || leaf.publiceretStatus === 'Publiceret');
  }
}
