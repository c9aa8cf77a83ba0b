import { Refusal } from '@stoettesystemer/object';
import type { Place } from './entry';

export const placeText = ({ file, line, column }: Place): string =>
  `${file}, linje ${line}, kolonne ${column}`;

/** The source is refused as a whole, at one place: nothing of it may be written. */
export class SourceFault extends Refusal {
  constructor(
    kode: string,
    readonly place: Place,
    besked: string,
  ) {
    const { line: linje, column: kolonne } = place;
    const told = `${placeText(place)}: ${besked}`;
    super(422, 'kilde_ugyldig', 'Kilden kan ikke læses; intet er indlæst.', {
      fejl: [{ sti: '', kode, besked: told, linje, kolonne }],
    });
    this.message = `${this.detail} ${told}`;
  }
}
