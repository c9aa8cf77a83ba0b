import { SAML } from '../login/saml/names';
import type { SamlProfile } from './saml-response';
import { TEST_TOWNS } from './test-employees';

export type TestHome = keyof typeof TEST_TOWNS;

/** entityId in SAML, issuer in OIDC, and the beginning of the addresses of both. */
export const issuerOf = (externalUrl: string, home: string): string =>
  `${externalUrl}/adgangsstyring/dev/idp/${home}`;

/** One municipality has an IdP of the present profile, the other one of the former. */
export const profileOf = (home: string): SamlProfile =>
  home === '12345678' ? 'OIO-SAML-3.0' : 'DK-SAML-2.0';

export const isTestHome = (home: string): home is TestHome => Object.hasOwn(TEST_TOWNS, home);

/** SAML metadata of a municipality's built-in IdP. @param certificate PEM */
export const testIdpMetadata = (externalUrl: string, home: TestHome, certificate: string): string =>
  `<EntityDescriptor xmlns="${SAML.metadata}" entityID="${issuerOf(externalUrl, home)}">` +
  `<IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="${SAML.protocol}">` +
  `<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${certificate.replace(/-----[^-]+-----|\s/g, '')}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>` +
  `<SingleSignOnService Binding="${SAML.redirect}" Location="${issuerOf(externalUrl, home)}/saml"/>` +
  `</IDPSSODescriptor></EntityDescriptor>`;

export interface TestIdpFacts {
  readonly externalUrl: string;
  readonly home: TestHome;
  readonly protocol: 'Saml' | 'Oidc';
  /** PEM, of `testIdpPair`. */
  readonly certificate: string;
  /** From when it holds. */
  readonly from: string;
}

/** The ItSystem by which a municipality's built-in IdP is registered: the body of a create or an import. */
export function testIdpSystem({ externalUrl, home, protocol, certificate, from }: TestIdpFacts) {
  const virkning = { fra: from };
  const navn = `Prøve-IdP i ${TEST_TOWNS[home]} (${protocol === 'Saml' ? 'SAML' : 'OpenID Connect'})`;
  const how =
    protocol === 'Saml'
      ? { metadata: testIdpMetadata(externalUrl, home, certificate) }
      : { udsteder: issuerOf(externalUrl, home), klientId: 'adgangsstyring' };
  return {
    attributter: {
      egenskaber: [
        {
          virkning,
          navn,
          beskrivelse: 'Opdigtede medarbejdere til udvikling og prøver.',
          organisationCvr: home,
          organisationNavn: TEST_TOWNS[home],
          rollepostkasse: 'idp@eksempel.test',
          vilkaarAccepteret: true,
        },
      ],
      systemtype: [{ virkning, navn: 'IdentityProvider' }],
      identityProvider: [
        { virkning, protokol: protocol, praesentationsnavn: navn, ...how, nsisNiveau: 'High' },
      ],
    },
    tilstande: { tilstand: [{ virkning, vaerdi: 'Aktiv' }] },
  };
}
