import type { FacetItem, FacetItems, ObjectInput } from '@stoettesystemer/engine';
import { formatInstant, type Instant, invalid } from '@stoettesystemer/object';
import { randomUUID } from 'node:crypto';
import { textOf, textsOf } from '../roles/periods';

/** One restriction, as existing tools write it: several values with commas between them. */
export interface ValueDto {
  readonly navn?: string | null;
  readonly vaerdi?: string | null;
  readonly dynamisk?: boolean | null;
  readonly dataafgraensningstypeEntityId: string;
  readonly dataafgraensningstypeNavn?: string | null;
}
export interface UserRoleDto {
  readonly brugersystemrolleUuid: string;
  readonly dataafgraensningsVaerdier?: readonly ValueDto[] | null;
}
/** A jobfunktionsrolle, as existing tools read and write it (domain §3.2). */
export interface RoleDto {
  readonly uuid?: string | null;
  readonly navn: string;
  readonly entityId: string;
  readonly beskrivelse?: string | null;
  readonly organisationCvr?: string | null;
  /** CVR numbers with commas between them. */
  readonly delegeretTilCvr?: string | null;
  readonly version?: number | null;
  readonly brugersystemrolleDataafgraensninger: readonly UserRoleDto[];
}

/** A role as it is read: the facets that hold now. */
export interface PresentRole {
  readonly uuid: string;
  readonly owner: string;
  readonly number: number;
  readonly facets: FacetItems;
}

/** @param nameOf the name of a restriction's type, by its entityId */
export function dtoOf(
  { uuid, owner, number, facets }: PresentRole,
  nameOf: (entityId: string) => string,
  receivers: readonly string[],
): RoleDto {
  const [properties] = facets['egenskaber'] ?? [];
  const limits = facets['afgraensning'] ?? [];
  return {
    uuid,
    navn: textOf(properties, 'navn') ?? '',
    entityId: textOf(properties, 'entityId') ?? '',
    beskrivelse: textOf(properties, 'beskrivelse') ?? '',
    organisationCvr: owner,
    ...(receivers.length > 0 ? { delegeretTilCvr: receivers.join(',') } : {}),
    version: number,
    brugersystemrolleDataafgraensninger: (facets['rolle'] ?? []).map((role) => ({
      brugersystemrolleUuid: textOf(role, 'brugersystemrolle') ?? '',
      dataafgraensningsVaerdier: limits
        .filter((limit) => textOf(limit, 'rolleId') === textOf(role, 'id'))
        .map((limit) => valueOf(limit, nameOf)),
    })),
  };
}

function valueOf(limit: FacetItem, nameOf: (entityId: string) => string): ValueDto {
  const entityId = textOf(limit, 'dataafgraensningstype') ?? '';
  const navn = nameOf(entityId);
  const dynamisk = limit['dynamisk'] === true;
  return {
    navn,
    vaerdi: dynamisk ? (textOf(limit, 'parameter') ?? '') : textsOf(limit, 'vaerdier').join(','),
    dynamisk,
    dataafgraensningstypeEntityId: entityId,
    dataafgraensningstypeNavn: navn,
  };
}

/** What a tool wants a role to hold from now on, as items; those that were there keep their ids. */
export function facetsFrom(dto: RoleDto, present: FacetItems): FacetItems {
  const virkning = { fra: '' };
  const left = [...(present['rolle'] ?? [])];
  const limits = [...(present['afgraensning'] ?? [])];
  const rolle: FacetItem[] = [];
  const afgraensning: FacetItem[] = [];
  for (const given of dto.brugersystemrolleDataafgraensninger) {
    const role = given.brugersystemrolleUuid.toLowerCase();
    const at = left.findIndex((item) => textOf(item, 'brugersystemrolle')?.toLowerCase() === role);
    const id = (at >= 0 ? textOf(left.splice(at, 1)[0], 'id') : null) ?? randomUUID();
    rolle.push({ virkning, id, brugersystemrolle: role });
    for (const value of given.dataafgraensningsVaerdier ?? []) {
      const type = value.dataafgraensningstypeEntityId;
      const known = limits.findIndex(
        (item) => textOf(item, 'rolleId') === id && textOf(item, 'dataafgraensningstype') === type,
      );
      const limitId = (known >= 0 ? textOf(limits.splice(known, 1)[0], 'id') : null) ?? randomUUID();
      const content = { id: limitId, rolleId: id, dataafgraensningstype: type };
      afgraensning.push({ virkning, ...content, ...saidOf(value) });
    }
  }
  const { navn, entityId, beskrivelse } = dto;
  const properties = { navn, entityId, ...(beskrivelse ? { beskrivelse } : {}) };
  return { egenskaber: [{ virkning, ...properties }], rolle, afgraensning };
}

/** A dynamic value is named, not given: `vaerdi` is then what the IdP calls it. */
function saidOf({ vaerdi, dynamisk, dataafgraensningstypeEntityId: type }: ValueDto): object {
  if (dynamisk) return { dynamisk: true, ...(vaerdi ? { parameter: vaerdi } : {}) };
  const vaerdier = (vaerdi ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (new Set(vaerdier).size < vaerdier.length)
    throw invalid(
      'gentaget',
      '/brugersystemrolleDataafgraensninger',
      `Samme værdi står flere gange: ${type}.`,
    );
  return { vaerdier };
}

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  egenskaber: ['navn', 'entityId', 'beskrivelse'],
  rolle: ['brugersystemrolle'],
  afgraensning: ['rolleId', 'dataafgraensningstype', 'vaerdier', 'dynamisk', 'parameter'],
};

/** The Ret that makes the role hold what is wanted from now on: only what is different is said. */
export function changeTo(wanted: FacetItems, present: FacetItems, at: Instant): ObjectInput {
  const virkning = { fra: formatInstant(at) };
  const attributter = Object.fromEntries(
    Object.entries(MEMBERS).flatMap(([facet, members]) => {
      const idOf = (item: FacetItem) => textOf(item, 'id') ?? '';
      const had = new Map((present[facet] ?? []).map((item) => [idOf(item), item]));
      const said = (wanted[facet] ?? []).flatMap((item) => {
        const former = had.get(idOf(item));
        had.delete(idOf(item));
        const isAlike = members.every(
          (name) => JSON.stringify(former?.[name]) === JSON.stringify(item[name]),
        );
        if (former && isAlike) return [];
        // What is left out of a Ret stays; what the tool no longer says is cleared.
        const cleared = members.filter((name) => former && name in former && !(name in item));
        return [{ ...item, ...Object.fromEntries(cleared.map((name) => [name, null])), virkning }];
      });
      const ended = [...had.keys()].map((id) => ({ id, slut: true, virkning }));
      const items = [...said, ...ended];
      return items.length > 0 ? [[facet, items] as const] : [];
    }),
  );
  return Object.keys(attributter).length > 0 ? { attributter } : {};
}
