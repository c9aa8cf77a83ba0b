import { Refusal } from '@stoettesystemer/object';

/** All that the user is told; what failed is for the log. */
const DETAILS = {
  login_udloebet: 'Loginnet er udløbet eller allerede brugt. Gå tilbage til systemet, og begynd forfra.',
  login_andet_sted: 'Loginnet er begyndt i en anden browser. Gå tilbage til systemet, og begynd forfra.',
  ingen_idp: 'Kommunen har ingen aftale om login, som gælder her. Tal med kommunens administrator.',
  idp_opsaetning: 'Kommunens login er sat forkert op. Tal med kommunens administrator.',
  idp_afbrudt: 'Loginnet blev afbrudt hos kommunen. Gå tilbage til systemet, og prøv igen.',
  idp_svar: 'Svaret fra kommunens login kan ikke godkendes. Tal med kommunens administrator.',
} as const;

export type LoginCode = keyof typeof DETAILS;

/** A login that does not happen. */
export class LoginRefused extends Refusal {
  /** @param reason what failed, for the log: no name, no number, nothing of what was sent. */
  constructor(
    kode: LoginCode,
    readonly reason: string,
  ) {
    super(403, kode, DETAILS[kode]);
  }
}
