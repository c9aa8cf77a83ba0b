/** What a run has come to so far, in the words of its registration. */
export class Tally {
  oprettet = 0;
  rettet = 0;
  uaendret = 0;
  afvist = 0;
  foraeldreloese = 0;
  lukket = 0;

  get iAlt(): number {
    return this.oprettet + this.rettet + this.uaendret + this.afvist;
  }
}

export type Result = 'Gennemfoert' | 'Standset' | 'Afbrudt';
