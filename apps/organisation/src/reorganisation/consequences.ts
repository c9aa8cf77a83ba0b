import { Injectable } from '@nestjs/common';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { type Fault, formatInstant, now } from '@stoettesystemer/object';
import { Directories } from '../directory/directories';
import { Sight } from '../directory/sight';
import type { Consequence, SideEffect } from './consequence';
import { momentEffects } from './moment-effects';
import type { Plan } from './plan';
import { basisOf, planned } from './planned';
import { PlannedDirectory } from './planned-directory';
import { Registry } from './registry';
import { ReorganisationDesk } from './reorganisation-desk';
import type { World } from './world';

/** All that a plan would bring about, and what it was seen against. */
export interface Preview {
  readonly plan: Plan;
  readonly basis: string;
  readonly consequences: readonly Consequence[];
}

const NOW = { virkning: 'nu', registrering: 'nu' } as const;

/** Works out what a plan would bring about. Nothing is written. */
@Injectable()
export class Consequences {
  constructor(
    private readonly store: ObjectStore,
    private readonly directories: Directories,
    private readonly desk: ReorganisationDesk,
  ) {}

  /** @throws Refusal 404 */
  async of(ask: Ask, plan: Plan): Promise<Preview> {
    const moment = now();
    const { caller } = ask;
    const directory = new PlannedDirectory(
      await this.directories.of(caller.owner, NOW),
      new Sight(caller, caller.owner),
    );
    const effects: Consequence[] = [];
    const { world, faults } = await planned(new Registry(this.store, ask), plan, async (at, reached) => {
      const tidspunkt = formatInstant(at);
      for (const effect of momentEffects(at, reached, directory)) effects.push({ ...effect, tidspunkt });
    });
    const hindrances = faults.length > 0 ? faults : await this.hindrances(ask, plan, world);
    return {
      plan,
      basis: basisOf(world, moment),
      consequences: [
        ...hindrances.map((fault): Consequence => ({ slags: 'Hindring', tidspunkt: null, ...fault })),
        ...effects,
        ...[...overridden(world)].map((effect): Consequence => ({ ...effect, tidspunkt: effect.fra })),
      ],
    };
  }

  private async hindrances(ask: Ask, plan: Plan, world: World): Promise<readonly Fault[]> {
    const tooLate: Fault[] =
      plan.at > now()
        ? []
        : [
            {
              sti: '/attributter/egenskaber',
              kode: 'i_kraft',
              besked: 'Planens ikrafttræden er nået; den kan ikke længere anvendes.',
            },
          ];
    return [...tooLate, ...(await this.desk.tried(ask, plan, world.touched))];
  }
}

function* overridden(world: World): Generator<Extract<SideEffect, { slags: 'SenereAendringViger' }>> {
  for (const object of world.touched)
    for (const { facet, key } of object.places)
      for (const { period } of object.said(facet, key))
        for (const held of object.held(facet, key))
          if (held.period.from > period.from && (period.to === null || held.period.from < period.to))
            yield {
              slags: 'SenereAendringViger',
              objekttype: object.type.name,
              objekt: object.uuid,
              facet,
              fra: formatInstant(held.period.from),
            };
}
