import { type Fault, Refusal } from '@stoettesystemer/object';
import type { KleAdvarsel } from './entry';

/** A place in a file, both counted from 1. */
export interface Position {
  readonly linje: number;
  readonly kolonne: number;
}

/** One thing wrong at one place of a file. `sti` leads there: `/KLE-Emneplan/Hovedgruppe[00]/Gruppe[00.01]`. */
export type KleFejl = Fault & Position;

const SHOWN = 1000;
const byPlace = (a: Position, b: Position): number => a.linje - b.linje || a.kolonne - b.kolonne;
const count = (n: number): string => n.toLocaleString('da-DK');

/** `linje 8, kolonne 9: <Gruppe> mangler <GruppeAdministrativInfo> (/KLE-Emneplan/Hovedgruppe[00]/Gruppe[00.01])` */
export const faultText = ({ linje, kolonne, sti, besked }: KleAdvarsel): string =>
  `linje ${linje}, kolonne ${kolonne}: ${besked}${sti ? ` (${sti})` : ''}`;

/** The file is refused as a whole: nothing of it may be stored. */
export class InvalidKle extends Refusal {
  declare readonly fejl: readonly KleFejl[];

  constructor(
    fejl: readonly KleFejl[],
    /** How many there were; `fejl` holds at most the first 1000. */
    readonly antal: number,
  ) {
    const shown = antal > fejl.length ? ` De første ${count(fejl.length)} vises.` : '';
    super(422, 'kle_ugyldig', `KLE-filen har ${count(antal)} fejl; intet er indlæst.${shown}`, { fejl });
    this.message = [this.detail, ...fejl.slice(0, 3).map(faultText)].join('\n');
  }
}

/** Gathers what is wrong with one file, so that all of it can be mended at once. */
export class FaultList {
  private readonly errors: KleFejl[] = [];
  private readonly warnings: KleAdvarsel[] = [];
  private total = 0;

  get isEmpty(): boolean {
    return this.total === 0;
  }

  get advarsler(): readonly KleAdvarsel[] {
    return [...this.warnings].sort(byPlace);
  }

  add(kode: string, { linje, kolonne }: Position, sti: string, besked: string): void {
    this.total += 1;
    if (this.errors.length < SHOWN) this.errors.push({ linje, kolonne, sti, kode, besked });
  }

  warn({ linje, kolonne }: Position, sti: string, besked: string): void {
    if (this.warnings.length < SHOWN) this.warnings.push({ linje, kolonne, sti, besked });
  }

  /** For what makes the rest unreadable. Throws everything found so far. */
  stop(kode: string, at: Position, sti: string, besked: string): never {
    this.add(kode, at, sti, besked);
    throw this.refusal();
  }

  throwIfAny(): void {
    if (!this.isEmpty) throw this.refusal();
  }

  private refusal(): InvalidKle {
    return new InvalidKle([...this.errors].sort(byPlace), this.total);
  }
}
