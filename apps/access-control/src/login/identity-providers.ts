import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AsOf, type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Delegation, Foederationsaftale, ItSystem } from '@stoettesystemer/model';
import type { Facets } from '@stoettesystemer/object';
import type { NsisLevel } from '../decision/question';
import { internalCaller } from '../internal-caller';

/** An IdP that may say who somebody is. */
export interface IdentityProvider {
  readonly uuid: string;
  /** As the user chooses it. */
  readonly navn: string;
  readonly protocol: 'Saml' | 'Oidc';
  /** Of SAML. */
  readonly metadata: string;
  /** Of OIDC. */
  readonly issuer: string;
  readonly clientId: string;
  /** The highest that it may assert. */
  readonly level: NsisLevel;
  /** CVR of those who have agreed that it speaks for their users. */
  readonly homes: readonly string[];
}

const NOW: AsOf = { virkning: 'nu', registrering: 'nu' };
const ask = (owner: string): Ask => ({ caller: internalCaller(owner), transaction: randomUUID() });

/** The IdPs that are registered and agreed on, as they are now. */
@Injectable()
export class IdentityProviders {
  constructor(private readonly store: ObjectStore) {}

  /**
   * Those that can log somebody in to an it-system for a municipality: its own, and those of organisations to whose
   * employees it has delegated a role. @param client UUID of the it-system.
   */
  async of(owner: string, client: string): Promise<IdentityProvider[]> {
    const homes = [...new Set([owner, ...(await this.delegates(owner))])];
    const agreed = await Promise.all(homes.map((home) => this.agreedBy(home, client)));
    const homesOf = new Map<string, string[]>();
    homes.forEach((home, at) => {
      for (const uuid of agreed[at] ?? []) homesOf.set(uuid, [...(homesOf.get(uuid) ?? []), home]);
    });
    const systems = await this.store.readMany(ask(owner), ItSystem, [...homesOf.keys()], NOW);
    return systems
      .flatMap(({ uuid, body }) => providerOf(uuid, body, homesOf.get(uuid) ?? []))
      .toSorted((a, b) => a.navn.localeCompare(b.navn, 'da'));
  }

  private async delegates(owner: string): Promise<string[]> {
    const columns = [{ facet: 'egenskaber', member: 'modtagerCvr' }, { facet: 'status' }];
    const rows = await this.store.outline(ask(owner), Delegation, columns, null, NOW);
    return rows.flatMap(({ owner: of, values: [receiver, status] }) =>
      of === owner && receiver && status === 'Accepteret' ? [receiver] : [],
    );
  }

  private async agreedBy(home: string, client: string): Promise<string[]> {
    const columns = [{ facet: 'identityProvider' }, { facet: 'brugervendtSystem' }, { facet: 'status' }];
    const rows = await this.store.outline(ask(home), Foederationsaftale, columns, null, NOW);
    return rows.flatMap(({ owner, values: [idp, only, status] }) =>
      owner === home && idp && status === 'Aktiv' && (only === null || only === client)
        ? [idp.toLowerCase()]
        : [],
    );
  }
}

function providerOf(uuid: string, body: string, agreed: readonly string[]): IdentityProvider[] {
  const { attributter, tilstande } = JSON.parse(body) as Facets<typeof ItSystem>;
  const idp = attributter?.identityProvider?.[0];
  const isIdp = attributter?.systemtype?.some(({ navn }) => navn === 'IdentityProvider') === true;
  const only = attributter?.myndighedsafgraensning?.[0]?.cvr ?? [];
  const homes = agreed.filter((home) => only.length === 0 || only.includes(home));
  if (!idp || !isIdp || tilstande?.tilstand?.[0]?.vaerdi === 'Lukket' || homes.length === 0) return [];
  return [
    {
      uuid,
      navn: idp.praesentationsnavn,
      protocol: idp.protokol,
      metadata: idp.metadata ?? '',
      issuer: idp.udsteder ?? '',
      clientId: idp.klientId ?? '',
      level: idp.nsisNiveau,
      homes,
    },
  ];
}
