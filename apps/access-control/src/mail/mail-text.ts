/** What an agreement's step is called where it is written about. */
export type Event =
  | 'anmodet'
  | 'trukket'
  | 'godkendt'
  | 'afvist'
  | 'ophaevet'
  | 'ny_version_anmodet'
  | 'ny_version_godkendt'
  | 'ny_version_bortfaldet'
  | 'rykker';

export interface Letter {
  readonly subject: string;
  readonly body: string;
}

/** What is said of the agreement. Notes are left out: nobody knows what people write in them. */
export interface Facts {
  readonly navn: string;
  readonly system: string;
  readonly municipality: string;
  readonly vendor: string;
  /** Where it can be seen. */
  readonly address: string;
}

const SUBJECTS: Readonly<Record<Event, string>> = {
  anmodet: 'Serviceaftale afventer godkendelse',
  trukket: 'Anmodning om serviceaftale er trukket',
  godkendt: 'Serviceaftale er godkendt',
  afvist: 'Serviceaftale er afvist',
  ophaevet: 'Serviceaftale er ophævet',
  ny_version_anmodet: 'Ny version af serviceaftale afventer godkendelse',
  ny_version_godkendt: 'Ny version af serviceaftale er godkendt',
  ny_version_bortfaldet: 'Ny version af serviceaftale er trukket eller afvist',
  rykker: 'Påmindelse: serviceaftale afventer godkendelse',
};
const NEXT: Readonly<Record<Event, string>> = {
  anmodet: 'Se, hvad der er bedt om, og godkend eller afvis den.',
  trukket: 'Der er ikke mere at tage stilling til.',
  godkendt: 'Systemet kan få tokens fra det tidspunkt, som aftalen gælder fra.',
  afvist: 'Begrundelsen står i aftalen.',
  ophaevet: 'Begrundelsen står i aftalen. Systemet får ikke længere tokens.',
  ny_version_anmodet: 'Den gældende version gælder, til den nye er godkendt.',
  ny_version_godkendt: 'Den nye version gælder fra det tidspunkt, der er godkendt.',
  ny_version_bortfaldet: 'Den gældende version gælder stadig.',
  rykker: 'Der er endnu ikke svaret på anmodningen.',
};

/** Whatever looks like a person's number is not sent, wherever somebody has written it. */
export const withoutPersons = (text: string): string => text.replace(/\d{6}[- ]?\d{4}/g, '[fjernet]');

export const letterOf = (event: Event, { navn, system, municipality, vendor, address }: Facts): Letter => ({
  subject: withoutPersons(`${SUBJECTS[event]}: ${navn}`),
  body: [
    `${SUBJECTS[event]}.`,
    '',
    withoutPersons(`Aftale: ${navn}`),
    withoutPersons(`It-system: ${system}`),
    `Myndighed (CVR): ${municipality}`,
    `Leverandør (CVR): ${vendor}`,
    '',
    NEXT[event],
    address,
    '',
  ].join('\n'),
});
