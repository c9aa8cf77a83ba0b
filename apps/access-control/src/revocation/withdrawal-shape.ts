import { makeShape, must, type Shape } from '@stoettesystemer/server';
import { isUuid, parseInstant } from '@stoettesystemer/object';
import type { Withdrawal } from './revocations';

/** The body of a revocation by hand; one of the first four says what is taken back. */
export interface WithdrawalBody {
  readonly client_id?: string;
  readonly sub?: string;
  readonly agr?: string;
  readonly jti?: string;
  readonly aarsag: string;
  readonly til?: string;
}

export const KINDS: readonly Withdrawal['kind'][] = ['client_id', 'sub', 'agr', 'jti'];

/** As issuers write them. Ten digits alone could be a person's number. */
const TOKEN_ID = /^(?!\d{6}-?\d{4}$)[\w-]{8,100}$/;

const uuid = {
  checks: [must('uuid', 'Skal være en UUID.', isUuid)],
  presence: 'optional',
  clean: (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value),
} as const;

export const withdrawalShape: Shape = makeShape('Tilbagekaldelse', {
  client_id: uuid,
  sub: uuid,
  agr: uuid,
  jti: {
    checks: [
      must(
        'moenster',
        'Skal være et tokens jti.',
        (value) => typeof value === 'string' && TOKEN_ID.test(value),
      ),
    ],
    presence: 'optional',
  },
  aarsag: {
    checks: [
      must(
        'laengde',
        'Skal være 1-1000 tegn.',
        (value) => typeof value === 'string' && value.trim() !== '' && value.length <= 1000,
      ),
    ],
    presence: 'required',
  },
  til: {
    checks: [
      must(
        'tidspunkt',
        'Skal være et tidspunkt med tidszone.',
        (value) => typeof value === 'string' && parseInstant(value) !== null,
      ),
    ],
    presence: 'optional',
  },
});
