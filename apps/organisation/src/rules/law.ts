import { invalid, type Refusal } from '@stoettesystemer/object';

/** Something that an organisation's registrations must be, or had better be. */
export interface Law {
  /** Holds the number of the rule, so that it is known where the code alone is shown: `regel_1_rod`. */
  readonly kode: string;
  /** Number of the registration pattern; 7 is how something ends, null what is of none. */
  readonly regel: '1' | '2' | '3' | '4' | '5' | '6' | '7' | null;
  /** `regel` is refused of a system that writes strictly; `raad` of nobody. */
  readonly niveau: 'regel' | 'raad';
  readonly sti: string;
  readonly besked: string;
}

export const refusalOf = ({ kode, regel, sti, besked }: Law): Refusal =>
  invalid(kode, sti, `Regel ${regel}: ${besked}`);
