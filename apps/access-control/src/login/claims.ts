import { isUuid } from '@stoettesystemer/object';
import { NSIS_LEVELS, type NsisLevel } from '../decision/question';
import { LoginRefused } from './login-refused';
import { SAML } from './saml/names';

/** What an IdP says of a user, in its own words, checked for form only. */
export interface Claims {
  readonly cvr: string;
  readonly level: NsisLevel;
  /** The user's persistent UUID, in lower case. */
  readonly subject: string;
  /** OIO BPP in base64; null where nothing is said. */
  readonly privileges: string | null;
}

/** Values of each attribute, by its name. */
export type Attributes = ReadonlyMap<string, readonly string[]>;
export interface NameId {
  readonly value: string;
  readonly format: string;
}

/** Names of OIOSAML 3, which OIDC uses too; and of DK-SAML 2.0. */
export const CLAIM = {
  specVersion: 'https://data.gov.dk/model/core/specVersion',
  cvr: 'https://data.gov.dk/model/core/eid/professional/cvr',
  level: 'https://data.gov.dk/concept/core/nsis/loa',
  subject: 'https://data.gov.dk/model/core/eid/professional/uuid/persistent',
  privileges: 'https://data.gov.dk/model/core/eid/privilegesIntermediate',
} as const;
export const OLD_CLAIM = {
  specVersion: 'dk:gov:saml:attribute:SpecVer',
  cvr: 'dk:gov:saml:attribute:CvrNumberIdentifier',
  level: 'dk:gov:saml:attribute:AssuranceLevel',
  privileges: 'dk:gov:saml:attribute:Privileges_intermediate',
} as const;
export const LEVEL_URI = 'https://data.gov.dk/concept/core/nsis/loa/';

const OLD_LEVELS: ReadonlyMap<string, NsisLevel> = new Map([
  ['2', 'Low'],
  ['3', 'Substantial'],
  ['4', 'High'],
]);

const refused = (reason: string): LoginRefused => new LoginRefused('idp_svar', reason);

/** The one value, without white space around it; null where there is none. */
function only(attributes: Attributes, name: string): string | null {
  const values = attributes.get(name) ?? [];
  if (values.length > 1) throw refused(`several values of ${name}`);
  return values[0]?.trim() || null;
}

/** @throws LoginRefused */
export function claimsOfAssertion(attributes: Attributes, nameId: NameId): Claims {
  const version = only(attributes, CLAIM.specVersion);
  const old = only(attributes, OLD_CLAIM.specVersion);
  if (version === 'OIO-SAML-3.0')
    return {
      cvr: cvrOf(only(attributes, CLAIM.cvr)),
      level: levelOf(only(attributes, CLAIM.level)),
      subject: subjectOf(only(attributes, CLAIM.subject) ?? accountIn(nameId)),
      privileges: only(attributes, CLAIM.privileges),
    };
  if (version === null && old === 'DK-SAML-2.0')
    return {
      cvr: cvrOf(only(attributes, OLD_CLAIM.cvr)),
      level: OLD_LEVELS.get(only(attributes, OLD_CLAIM.level) ?? '') ?? levelOf(null),
      subject: subjectOf(only(attributes, CLAIM.subject) ?? accountIn(nameId)),
      privileges: only(attributes, OLD_CLAIM.privileges),
    };
  throw refused('neither OIO-SAML-3.0 nor DK-SAML-2.0');
}

/** Of an ID token that has been verified. @throws LoginRefused */
export function claimsOfIdToken(token: Readonly<Record<string, unknown>>): Claims {
  const text = (name: string): string | null => {
    const value = token[name];
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string') throw refused(`${name} is not a text`);
    return value.trim() || null;
  };
  return {
    cvr: cvrOf(text(CLAIM.cvr)),
    level: levelOf(text(CLAIM.level) ?? text('acr')),
    subject: subjectOf(text('sub')),
    privileges: text(CLAIM.privileges),
  };
}

/** KOMBIT's profile: `C=DK,O=<cvr>,CN=<name>,Serial=<user>`; or the UUID by itself. */
function accountIn({ value, format }: NameId): string | null {
  if (format !== SAML.subjectName) return value.trim().replace(/^urn:uuid:/i, '');
  const serials = value.split(',').flatMap((part) => /^\s*Serial=(.*)$/i.exec(part)?.[1]?.trim() ?? []);
  if (serials.length > 1) throw refused('several serials in the name');
  return serials[0] ?? null;
}

function cvrOf(text: string | null): string {
  if (text === null || !/^[1-9]\d{7}$/.test(text)) throw refused('no CVR number');
  return text;
}

function levelOf(text: string | null): NsisLevel {
  const word = text?.startsWith(LEVEL_URI) ? text.slice(LEVEL_URI.length) : text;
  const level = NSIS_LEVELS.find((each) => each === word);
  if (!level) throw refused('no NSIS level');
  return level;
}

/** A UUID and nothing else: what is not one might be a CPR number. */
function subjectOf(text: string | null): string {
  if (!isUuid(text ?? undefined)) throw refused('no persistent UUID of the user');
  return (text ?? '').toLowerCase();
}
