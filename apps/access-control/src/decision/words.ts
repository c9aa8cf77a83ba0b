import type { Refused } from './question';

/** Why there is no token at all, as an administrator is told. */
export const REFUSED: Readonly<Record<Refused, string>> = {
  ukendt_system: 'It-systemet er ikke registreret.',
  system_lukket: 'It-systemet er lukket.',
  ukendt_service: 'Servicen er ikke registreret.',
  myndighed_afgraenset: 'It-systemet er afgrænset til andre myndigheder.',
  ingen_aftale: 'Myndigheden har ingen serviceaftale om it-systemet.',
  aftale_ikke_i_kraft: 'Myndigheden har en serviceaftale, men den er ikke i kraft på tidspunktet.',
  ingen_roller: 'Serviceaftalen giver ingen roller i servicen, som virker.',
  ingen_foederationsaftale:
    'Brugerens myndighed har ingen føderationsaftale om den IdP, som brugeren er logget ind med.',
  ingen_jobfunktioner: 'Brugerens jobfunktionsroller giver ingen rettigheder i servicen.',
};

/** Why something that might have given a right does not. */
export const VOIDED: Readonly<Record<string, string>> = {
  testaftale: 'Aftalen er en testaftale, og den gælder ikke her.',
  rollen_gaelder_kun_aftalens_myndighed: 'Rollen gælder kun for den myndighed, som har indgået aftalen.',
  jobfunktion_for_anden_myndighed: 'Jobfunktionsrollen er en anden myndigheds.',
  ukendt_jobfunktion: 'Myndigheden har ingen jobfunktionsrolle med det navn.',
  ikke_delegeret: 'Jobfunktionsrollen er ikke delegeret til brugerens myndighed, eller den har ikke sagt ja.',
  jobfunktion_ikke_godkendt: 'Jobfunktionsrollen venter på en godkendelse.',
  ukendt_brugersystemrolle: 'Rollen findes ikke længere i it-systemet.',
  rolle_i_andet_system: 'Rollen er i et andet it-system.',
  rolle_i_anden_service: 'Rollen gælder ikke i servicen.',
  nsis_niveau: 'Brugeren er logget ind på et lavere NSIS-niveau, end rollen kræver.',
  delegeret_rolle_kan_ikke_vaere_dynamisk: 'En delegeret rolle kan ikke få sine værdier fra en IdP.',
  afgraensning_uden_vaerdi: 'En afgrænsning har ingen værdi.',
  kraevet_afgraensning_mangler: 'En afgrænsning, som rollen kræver, er ikke udfyldt.',
  ukendt_afgraensningstype: 'En afgrænsning er af en type, som ikke er registreret.',
  afgraensning_to_gange: 'Rollen er afgrænset to gange ved det samme.',
};

/** An agreement that is not in force names its state: `aftale_ophaevet`. */
export const voidedText = (why: string): string =>
  VOIDED[why] ?? `Aftalen er ikke i kraft: ${why.replace('aftale_', '')}.`;
