import { type KeyObject, randomBytes, sign } from 'node:crypto';

const tagged = (tag: number, content: Buffer): Buffer => {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
};
const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));

/** sha256WithRSAEncryption, 1.2.840.113549.1.1.11, with its NULL. */
const ALGORITHM = sequence(Buffer.from('06092a864886f70d01010b', 'hex'), Buffer.from('0500', 'hex'));
/** id-at-commonName, 2.5.4.3. */
const COMMON_NAME = Buffer.from('0603550403', 'hex');

const nameOf = (name: string): Buffer =>
  sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(name)))));
/** GeneralizedTime, in whole seconds. */
const time = (at: Date): Buffer => {
  const text = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return tagged(0x18, Buffer.from(text));
};

export interface CertificateFacts {
  readonly name: string;
  readonly from: Date;
  readonly to: Date;
}

/** An X.509 certificate of an RSA key, signed by the same, in PEM: SAML pins certificates and follows no chain. */
export function selfSigned(
  { name, from, to }: CertificateFacts,
  keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
): string {
  const serial = randomBytes(16);
  // A positive number, written in as few bytes as it takes.
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  const facts = sequence(
    tagged(0x02, serial),
    ALGORITHM,
    nameOf(name),
    sequence(time(from), time(to)),
    nameOf(name),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', facts, keys.privateKey)]);
  const lines = sequence(facts, ALGORITHM, tagged(0x03, signature))
    .toString('base64')
    .match(/.{1,64}/g);
  return `-----BEGIN CERTIFICATE-----\n${(lines ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
}
