/** Something about an edition that the person who imports it should know. Nothing is wrong with the import. */
export interface Advice {
  readonly slags:
    | 'efterfoelger-mangler'
    | 'efterfoelger-paa-andet-niveau'
    | 'flyttet-uden-efterfoelger'
    | 'rettet-foer-oprettet'
    | 'aktiv-under-udgaaet'
    | 'uuid-afvigelse'
    | 'uuid-optaget';
  readonly nr: string;
  readonly besked: string;
}
