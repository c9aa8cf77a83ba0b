import { randomUUID } from 'node:crypto';
import { CLAIM } from '../claims';
import { attributesOf, nameIdOf, type ResponseFacts, responseXml } from '../../test-idp/saml-response';
import { TEST_EMPLOYEES } from '../../test-idp/test-employees';
import { issuerOf } from '../../test-idp/test-idp-system';
import { Browser, type Page } from './browser';
import { type RunningLogin, TOWN } from './running-login';

export const employee = TEST_EMPLOYEES[0]!;
export const MINUTE = 60_000;
export const from = (offset: number) => new Date(Date.now() + offset);
export const attributes = (changes: Record<string, string>) => ({
  attributes: { ...attributesOf(employee, 'OIO-SAML-3.0'), ...changes },
});

/** Answers to requests that were made, as they should be or not, and what becomes of them. */
export class SamlAnswers {
  readonly acs: string;
  /** Why answers were refused, in the words of the log. */
  readonly reasons: string[] = [];

  constructor(private readonly login: RunningLogin) {
    this.acs = `${login.url}/adgangsstyring/login/saml/acs`;
  }

  /** Id of a new request to the municipality's IdP. */
  request(): Promise<string> {
    return new Browser(this.login).samlRequest(this.login.idps.saml);
  }

  /** What the IdP would say of the employee, in answer to a request. */
  factsFor(inResponseTo: string, changes: Partial<ResponseFacts> = {}): ResponseFacts {
    return {
      id: `_${randomUUID()}`,
      assertionId: `_${randomUUID()}`,
      issuer: issuerOf(this.login.url, TOWN),
      audience: `${this.login.url}/adgangsstyring/login/saml/metadata`,
      recipient: this.acs,
      inResponseTo,
      issued: from(0),
      notBefore: from(-MINUTE),
      notOnOrAfter: from(5 * MINUTE),
      nameId: nameIdOf(employee, 'OIO-SAML-3.0'),
      attributes: attributesOf(employee, 'OIO-SAML-3.0'),
      ...changes,
    };
  }

  post(xml: string): Promise<Page> {
    return new Browser(this.login).post(this.acs, { SAMLResponse: Buffer.from(xml).toString('base64') });
  }

  /** Refused, with this reason in the log and none on the page, and nothing stored. */
  async expectRefused(xml: string, reason: string | RegExp): Promise<void> {
    const { reasons } = this.login;
    const before = await this.login.stored();
    reasons.length = 0;
    const page = await this.post(xml);
    expect([page.status, page.headers.get('content-type'), page.headers.get('location')]).toEqual([
      403,
      'text/html; charset=utf-8',
      null,
    ]);
    expect(page.text).toMatch(/<code>(idp_svar|idp_afbrudt|login_udloebet)<\/code>/);
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(page.text).not.toContain(reasons[0]);
    expect(await this.login.stored()).toEqual(before);
    this.reasons.push(...reasons);
  }
}

/** The parts of a response that its IdP signed, for those who put them together anew. */
export function partsOf(xml: string) {
  const [ofResponse = '', ofAssertion = ''] = xml.match(/<ds:Signature .*?<\/ds:Signature>/gs) ?? [];
  const [assertion = ''] = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml) ?? [];
  return { ofResponse, ofAssertion, assertion };
}

/** What an attacker would have us believe. */
export const evilAssertion = (facts: ResponseFacts, id = '_evil'): string => {
  const evil = { ...facts, assertionId: id, attributes: { ...facts.attributes, [CLAIM.level]: 'High' } };
  return partsOf(responseXml(evil)).assertion;
};
