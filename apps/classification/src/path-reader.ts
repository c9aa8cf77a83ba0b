import type { AsOf, Ask, Expression, ObjectStore } from '@stoettesystemer/engine';
import { Facet, Klasse, Klassifikation } from '@stoettesystemer/model';
import { type Declaration, notFound } from '@stoettesystemer/object';

/** User keys on the way down: `KLE`, `Emne`, `27.18.02`. */
export interface KeyPath {
  readonly klassifikation: string;
  readonly facet?: string;
  readonly klasse?: string;
}

/** Finds objects by the keys that people know, one level at a time. */
export class PathReader {
  constructor(private readonly store: ObjectStore) {}

  /**
   * The objects at the end of the path as JSON text: one as a rule, more where a municipality and the common
   * organisation use the same key. @throws Refusal 404 when there is none.
   */
  async find(ask: Ask, path: KeyPath, at: AsOf): Promise<readonly string[]> {
    const keyed = (key: string): Expression => ({ felt: 'egenskaber.brugervendtNoegle', lig: key });
    if (path.facet === undefined) return this.found(ask, Klassifikation, keyed(path.klassifikation), at);
    const klassifikationer = await this.uuids(ask, Klassifikation, keyed(path.klassifikation), at);
    const facet: Expression = {
      og: [keyed(path.facet), { felt: 'facetTilhoerer', iblandt: klassifikationer }],
    };
    if (path.klasse === undefined) return this.found(ask, Facet, facet, at);
    const facetter = await this.uuids(ask, Facet, facet, at);
    return this.found(ask, Klasse, { og: [keyed(path.klasse), { felt: 'facet', iblandt: facetter }] }, at);
  }

  private async uuids(
    ask: Ask,
    type: Declaration,
    udtryk: Expression,
    at: AsOf,
  ): Promise<{ uuid: string }[]> {
    const page = await this.store.search(ask, type, { ...ONE_PAGE, udtryk, vis: 'uuid' }, at);
    return page.data.map((text) => ({ uuid: JSON.parse(text) as string }));
  }

  private async found(ask: Ask, type: Declaration, udtryk: Expression, at: AsOf): Promise<readonly string[]> {
    const { data } = await this.store.search(ask, type, { ...ONE_PAGE, udtryk, vis: null }, at);
    if (data.length === 0) throw notFound();
    return data;
  }
}

/** A key is unique in its place, so a page holds all there can be. */
const ONE_PAGE = { sorter: [], limit: 100, cursor: null, antal: false } as const;
