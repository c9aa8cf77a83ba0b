import { Refusal } from '@stoettesystemer/object';

/** The reader's place is older than what is kept. `first` is the earliest position there is. */
export const tooOld = (first: number): Refusal =>
  new Refusal(
    410,
    'position_udloebet',
    `Hændelserne efter positionen gemmes ikke længere. Den tidligste position er ${first}: ` +
      `læs objekterne igen, og læs derefter videre med efter=${first - 1}.`,
    { fejl: [{ sti: '?efter', kode: 'foerste', besked: `${first}` }] },
  );

/** The reader's place belongs to a feed that is no more: the database has been restored. */
export const otherEpoch = (epoch: string, parameter: 'efter' | 'epoke'): Refusal =>
  new Refusal(
    409,
    'epoke',
    'Databasen er gendannet, og positionen gælder ikke længere. Begynd forfra: hent haendelser/tilstand, ' +
      'læs objekterne igen, og læs derefter videre fra den position og epoke, som tilstand gav.',
    { fejl: [{ sti: `?${parameter}`, kode: 'epoke', besked: epoch }] },
  );
