import { detailOf, type GivenGroup } from '../decision/authorization-details';

/** A8: Node refuses headers over 16 kB, and more than the token must fit. */
export const LONGEST_TOKEN = 8192;
/** Header and signature of an ES256 token with a thumbprint for kid, and the dots. */
const AROUND_PAYLOAD = 200;

/** Characters of the token with these claims. */
export const sizeOf = (claims: object): number =>
  Math.ceil((Buffer.byteLength(JSON.stringify(claims)) * 4) / 3) + AROUND_PAYLOAD;

/** What is in any token: of a user, through two systems, bound to a key. */
const sample = (() => {
  const [uuid, thumbprint] = ['x'.repeat(36), 'x'.repeat(43)];
  const [address, seconds] = ['x'.repeat(64), 1_800_000_000];
  const act = { sub: uuid, act: { sub: uuid } };
  const [acr, scope] = ['x'.repeat(60), 'cvr:12345678'];
  const ids = { sub: uuid, client_id: uuid, jti: thumbprint, agr: uuid, sid: uuid };
  return {
    iss: address,
    aud: address,
    iat: seconds,
    exp: seconds,
    agv: 1,
    cnf: { jkt: thumbprint },
    acr,
    scope,
    act,
    ...ids,
  };
})();

/** Characters of a token that holds these roles and no others. */
const sizeWith = (groups: readonly GivenGroup[], owner: string): number =>
  sizeOf({ ...sample, authorization_details: groups.map((group) => detailOf(group, owner)) });

/**
 * Whether roles that are given together can never come in a token, in Danish; null when they can. To be said where they
 * are given: whoever asks for the token can do nothing about it.
 */
export function sizeFault(
  given: readonly { readonly services: readonly string[]; readonly group: GivenGroup }[],
  owner: string,
): string | null {
  const services = new Set(given.flatMap(({ services }) => services));
  for (const service of services) {
    const groups = given.filter(({ services }) => services.includes(service)).map(({ group }) => group);
    const size = sizeWith(groups, owner);
    if (size > LONGEST_TOKEN)
      return (
        `Rollerne i én service ville fylde ${size} tegn i et token; der er plads til ${LONGEST_TOKEN}. ` +
        'Brug færre værdier, fx grupper (27.*), eller del rollerne op.'
      );
  }
  return null;
}
