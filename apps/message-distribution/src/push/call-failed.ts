/**
 * Why a call came to nothing: a word that is told to the receiver, so without anything of the message, and without what
 * there is inside our net.
 */
export type Failure = 'adresse' | 'navn' | 'forbindelse' | 'certifikat' | 'tidsfrist' | 'svar' | 'afbrudt';

/** A call that got no answer. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';

  constructor(readonly failure: Failure) {
    super(failure);
  }
}

const CERTIFICATE = /CERT|TLS|SSL|SIGNATURE|ISSUER|CRL|EPROTO/;

/** What went wrong on the way, from the code that Node gives it. */
export function failureOf(cause: unknown): Failure {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (code.startsWith('HPE_')) return 'svar';
  return CERTIFICATE.test(code) ? 'certifikat' : 'forbindelse';
}
