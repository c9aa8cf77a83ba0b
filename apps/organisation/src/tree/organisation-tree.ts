/** A subject that a unit has to do with, and how. */
export interface Task {
  readonly rolle: string;
  /** UUID or URN of the Klasse. */
  readonly klasse: string;
  readonly kleNummer: string | null;
}

/** Somebody's place in a unit; without a `bruger` it is vacant. */
export interface Member {
  readonly funktion: string;
  readonly bruger: string | null;
  readonly funktionstype: string | null;
  readonly titel: string | null;
}

/** A unit's own members, beside its tasks and who is in it. */
export interface UnitFields {
  readonly brugervendtNoegle: string;
  readonly navn: string;
  readonly enhedstype: string | null;
  /** The unit above, there or not: who asks may see a unit and not the one above it. */
  readonly overordnet: string | null;
}

export interface TreeUnit extends UnitFields {
  readonly uuid: string;
  /** No two with the same role and Klasse. */
  readonly opgaver: readonly Task[];
  /** No two with the same function and user. */
  readonly medlemmer: readonly Member[];
}

/** The units in use at one moment, by UUID. */
export type OrganisationTree = ReadonlyMap<string, TreeUnit>;

export const taskKey = ({ rolle, klasse }: Task): string => `${rolle}|${klasse}`;
export const memberKey = ({ funktion, bruger }: Member): string => `${funktion}|${bruger ?? ''}`;

export const fieldsOf = ({ brugervendtNoegle, navn, enhedstype, overordnet }: UnitFields): UnitFields => ({
  brugervendtNoegle,
  navn,
  enhedstype,
  overordnet,
});
