import type { FacetItems } from '@stoettesystemer/engine';
import { isAgreed } from '../agreement/agreement-state';
import { AgreementTimeline } from '../agreement/agreement-timeline';
import type { Event } from './mail-text';

const BY_STATE = { Anmodet: 'anmodet', Afvist: 'afvist', Trukket: 'trukket', Ophaevet: 'ophaevet' } as const;

/** What happened to an agreement from one registration to the next; null when nobody needs to hear of it. */
export function eventBetween(before: FacetItems | null, after: FacetItems): Event | null {
  const was = new AgreementTimeline(before ?? {});
  const is = new AgreementTimeline(after);
  const { last } = is;
  if (last === null || isTest(after)) return null;
  if (isAgreed(last) && !was.isNew && isAgreed(was.last)) {
    if (is.highestVersion > was.highestVersion) return 'ny_version_godkendt';
    if (!was.request && is.request) return 'ny_version_anmodet';
    return was.request && !is.request ? 'ny_version_bortfaldet' : null;
  }
  if (last === was.last) return null;
  if (isAgreed(last)) return 'godkendt';
  return last in BY_STATE ? BY_STATE[last as keyof typeof BY_STATE] : null;
}

const isTest = (items: FacetItems): boolean =>
  (items['egenskaber'] ?? []).every(({ aftaletype }) => aftaletype === 'Test');

/** Who is to hear of it. */
export const isForMunicipality = (event: Event): boolean =>
  event === 'anmodet' || event === 'trukket' || event === 'ny_version_anmodet' || event === 'rykker';

/** It waits for the municipality until something else happens. */
export const waits = (event: Event): boolean => event === 'anmodet' || event === 'ny_version_anmodet';
