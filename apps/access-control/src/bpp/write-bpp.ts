import {
  BPP_NAMESPACES,
  type BppVersion,
  type PrivilegeGroup,
  type PrivilegeList,
  SCOPE_PREFIX,
} from './privilege-list';

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign);

/** What XML cannot hold, and what does not come back as it was: controls, and white space at an end. */
const LOST = /[\p{Cc}\p{Surrogate}\ufffe\uffff]/u;

function kept(text: string): string {
  if (text === '' || text !== text.trim() || LOST.test(text))
    throw new Error('OIO BPP cannot hold an empty text, white space at its ends, or control characters');
  return escaped(text);
}

function valueText(value: string): string {
  if (value.includes(',')) throw new Error('OIO BPP cannot hold a value with a comma');
  return kept(value);
}

const groupText = ({ scope, privileges, constraints }: PrivilegeGroup): string =>
  `<PrivilegeGroup Scope="${SCOPE_PREFIX}${scope.kind}:${kept(scope.value)}">${privileges
    .map((privilege) => `<Privilege>${kept(privilege)}</Privilege>`)
    .join('')}${constraints
    .map(
      ({ name, values }) =>
        `<Constraint Name="${kept(name)}">${values.map(valueText).join(',')}</Constraint>`,
    )
    .join('')}</PrivilegeGroup>`;

/**
 * Writes OIO BPP, by default as KOMBIT's systems read it.
 * @throws Error for texts that the profile has no way to write.
 */
export const writeBpp = (list: PrivilegeList, version: BppVersion = '1.0.1'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><bpp:PrivilegeList xmlns:bpp="${BPP_NAMESPACES[version]}" ` +
  `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${list.map(groupText).join('')}</bpp:PrivilegeList>`;

/** As `writeBpp`, in the base64 that stands in an attribute. */
export const writeBppBase64 = (list: PrivilegeList, version?: BppVersion): string =>
  Buffer.from(writeBpp(list, version)).toString('base64');
