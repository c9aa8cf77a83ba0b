import { Injectable } from '@nestjs/common';
import { COMMON_OWNER } from '@stoettesystemer/access';
import type { AsOf, Ask } from '@stoettesystemer/engine';
import { OrganisationEnhed } from '@stoettesystemer/model';
import { type Instant, notFound } from '@stoettesystemer/object';
import { Directories } from '../directory/directories';
import type { Directory } from '../directory/directory';
import type { UnitState } from '../directory/directory-object';
import { DirectoryView } from '../directory/directory-view';
import { Sight } from '../directory/sight';
import { Disclosure } from './disclosure';
import { momentOf } from './moment';

/** What a caller sees of a municipality at one moment of both times. */
export interface Overview {
  readonly directory: Directory;
  readonly view: DirectoryView;
  readonly sight: Sight;
  readonly moment: Instant;
}

/** The way from a request to what its caller sees. */
@Injectable()
export class Overviews {
  constructor(
    private readonly directories: Directories,
    private readonly disclosure: Disclosure,
  ) {}

  async of({ caller }: Ask, at: AsOf, owner = caller.owner): Promise<Overview> {
    const moment = momentOf(at);
    const directory = await this.directories.of(owner, at);
    const sight = new Sight(caller, owner);
    return { directory, sight, moment, view: new DirectoryView(directory, sight, Number(moment)) };
  }

  /**
   * The overview that the unit is in: the municipality's own, or the common one.
   * @throws Refusal 404 when the unit is not there, not in use, or not the caller's to see; that is logged.
   */
  async around(ask: Ask, at: AsOf, uuid: string): Promise<Overview & { readonly unit: UnitState }> {
    for (const owner of new Set([ask.caller.owner, COMMON_OWNER])) {
      const overview = await this.of(ask, at, owner);
      const unit = overview.view.unit(uuid);
      if (unit) return { ...overview, unit };
    }
    await this.disclosure.log(ask, 'oversigt', [{ type: OrganisationEnhed, uuids: [uuid], allowed: false }]);
    throw notFound();
  }
}
