import { Global, Injectable, Module } from '@nestjs/common';
import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { type RunningService, runningApp } from '@stoettesystemer/testing';
import { AuthorisationModule } from '../authorisation/authorisation.module';
import { Decisions } from '../authorisation/decisions';
import type { Courier } from '../delivery/courier';
import { Couriers } from '../delivery/couriers';
import type { Transport } from '../delivery/outgoing';
import { messageDistribution } from '../message-distribution';

const EVERYTHING: PrivilegeGroup = { kind: 'system', privileges: ['besked:laes'], constraints: {} };

/** Agreements as the spec says them, from one moment to the next. */
export class SaidAgreements {
  groups: readonly PrivilegeGroup[] = [EVERYTHING];

  of(system: string, owner: string): Promise<Caller> {
    return Promise.resolve({
      service: 'beskedfordeler',
      owner,
      system,
      subject: system,
      assurance: null,
      agreement: null,
      agreementVersion: null,
      tokenId: 'spec',
      expires: Number.MAX_SAFE_INTEGER,
      groups: this.groups,
    });
  }
}

export interface RunningCourier {
  readonly service: RunningService;
  readonly agreements: SaidAgreements;
  start(transport: Transport): Courier;
}

/**
 * Beskedfordeler with agreements that the spec decides, and a transport of the spec's own.
 * @param without modules that are left out: the one whose transport the spec's stands for
 */
export async function runningCourier(
  environment: Readonly<Record<string, string>> = {},
  without: readonly unknown[] = [],
): Promise<RunningCourier> {
  const agreements = new SaidAgreements();
  let couriers: Couriers | undefined;

  @Injectable()
  class Probe {
    constructor(found: Couriers) {
      couriers = found;
    }
  }
  @Global()
  @Module({ providers: [{ provide: Decisions, useValue: agreements }], exports: [Decisions] })
  class Said {}
  @Module({ providers: [Probe] })
  class Probing {}

  const modules = (messageDistribution.modules ?? [])
    .filter((each) => !without.includes(each))
    .map((each) => (each === AuthorisationModule ? Said : each));
  const app = { ...messageDistribution, modules: [...modules, Probing] };
  const service = await runningApp(app, environment);
  return { service, agreements, start: (transport) => couriers!.start(transport) };
}
