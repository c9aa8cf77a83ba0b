import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { pseudonymise } from '@stoettesystemer/access';
import type { PersonReference } from '../envelope/person-number';
import { Seal } from './seal';

const derived = (key: KeyObject, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', key.export(), '', `beskedfordeler ${purpose}`, 32)));

/** All that Beskedfordeler does with secrets. */
export class MessageKeys {
  readonly seal: Seal;
  /** Stands for a citizen in events and lists; another than in the security log, which receivers have no business with. */
  readonly personReference: PersonReference;

  constructor(messageKey: Buffer, pseudonymKey: KeyObject) {
    this.seal = new Seal(messageKey);
    const key = derived(pseudonymKey, 'personer');
    this.personReference = (number) => pseudonymise(`urn:oio:cpr-nr:${number}`, key) as string;
  }
}

/** What orders a subject's messages: 64 bits of a hash, as PostgreSQL's bigint. Two that meet are merely kept in order. */
export const subjectKey = (text: string): string =>
  createHash('sha256').update(text).digest().readBigInt64BE(0).toString();
