import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { privilegesAsBpp } from './issued-privileges';
import { type PrivilegeList, SCOPE_KINDS } from './privilege-list';
import { readBpp, readBppBase64 } from './read-bpp';
import { writeBpp, writeBppBase64 } from './write-bpp';

const ROOT = resolve(__dirname, '../../../..');
const FILES = resolve(ROOT, process.env['TEST_DATA'] ?? '../shared/data', 'sikkerhed/bpp');
const isThere = existsSync(FILES);
if (!isThere)
  console.warn(`Skipped: the real files of OIO BPP are not in ${FILES}; TEST_DATA names the folder.`);

const SCOPE = 'urn:dk:gov:saml:cvrNumberIdentifier:12345678';
const list = (inner: string, namespace = 'http://itst.dk/oiosaml/basic_privilege_profile') =>
  `<bpp:PrivilegeList xmlns:bpp="${namespace}">${inner}</bpp:PrivilegeList>`;
const group = (inner: string, scope = SCOPE) => `<PrivilegeGroup Scope="${scope}">${inner}</PrivilegeGroup>`;
const ROLE = '<Privilege>http://a.test/roles/jobrole/1/1</Privilege>';

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((each) => each.replace(/[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu, '').trim())
  .filter((each) => each !== '');
const value = text.map((each) => each.replaceAll(',', ';'));
const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const scope = fc.constantFrom(...SCOPE_KINDS).chain((kind) =>
  digits(kind.startsWith('cvr') || kind.startsWith('se') ? 8 : 10).map((number) => ({
    kind,
    value: number,
  })),
);
const privilegeList: fc.Arbitrary<PrivilegeList> = fc.array(
  fc.record({
    scope,
    privileges: fc.array(text, { minLength: 1, maxLength: 4 }),
    constraints: fc.uniqueArray(fc.record({ name: text, values: fc.array(value, { maxLength: 4 }) }), {
      selector: ({ name }) => name,
      maxLength: 4,
    }),
  }),
  { maxLength: 6 },
);

(isThere ? describe : describe.skip)('OIO BPP as others write it', () => {
  const files = isThere ? readdirSync(FILES).filter((name) => name.endsWith('.xml')) : [];

  test('there are files to read', () => expect(files.length).toBeGreaterThanOrEqual(5));

  test.each(files)('%s is read, written and read equal, in both versions and in base64', (name) => {
    const read = readBpp(readFileSync(join(FILES, name), 'utf8'));
    expect(read.length).toBeGreaterThan(0);
    expect(readBpp(writeBpp(read, '1.0.1'))).toEqual(read);
    expect(readBppBase64(writeBppBase64(read, '1.2'))).toEqual(read);
  });

  test('groups of the same scope are kept apart, and every kind of scope is known', () => {
    const read = readBpp(readFileSync(join(FILES, 'bpp_kombit_sapa_usersystemroles.xml'), 'utf8'));
    expect(read.map((each) => [each.scope.value, each.privileges.length])).toEqual([
      ['12345678', 1],
      ['12345678', 1],
      ['87654321', 1],
      ['87654321', 1],
      ['12121212', 1],
    ]);
    const digst = readBpp(readFileSync(join(FILES, 'bpp_digst_valid.xml'), 'utf8'));
    expect(digst[0]).toEqual({
      scope: { kind: 'cvrNumberIdentifier', value: '12345678' },
      privileges: ['urn:dk:some_domain:myPrivilege1A'],
      constraints: [
        { name: 'urn:dk:kombit:KLE', values: ['25.*'] },
        { name: 'urn:dk:kombit:sensitivity', values: ['3'] },
      ],
    });
    expect(digst[1]?.scope).toEqual({ kind: 'seNumberIdentifier', value: '27384223' });
  });
});

describe('OIO BPP', () => {
  test('whatever is written is read equal', () => {
    fc.assert(
      fc.property(privilegeList, fc.constantFrom('1.0.1' as const, '1.2' as const), (given, version) => {
        expect(readBppBase64(writeBppBase64(given, version))).toEqual(given);
      }),
    );
  });

  test('values are separated by comma, with white space around them, and children may have the namespace', () => {
    const xml = `<PrivilegeList xmlns="http://digst.dk/oiosaml/basic_privilege_profile">
      <PrivilegeGroup Scope="${SCOPE}"><Constraint Name=" http://c.test/KLE/1 "> 27.* , 32.30.* ,</Constraint>
      <Privilege> a </Privilege><Privilege>b</Privilege><Constraint Name="tom"/></PrivilegeGroup></PrivilegeList>`;
    expect(readBpp(xml)).toEqual([
      {
        scope: { kind: 'cvrNumberIdentifier', value: '12345678' },
        privileges: ['a', 'b'],
        constraints: [
          { name: 'http://c.test/KLE/1', values: ['27.*', '32.30.*'] },
          { name: 'tom', values: [] },
        ],
      },
    ]);
  });

  test.each([
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${list(group(ROLE))}`, 400],
    ['an entity that nobody declared', list(group('<Privilege>&a;</Privilege>')), 400],
    ['no end', list(group(ROLE)).slice(0, -5), 400],
    ['nothing', '', 400],
    ['another namespace', list(group(ROLE), 'http://itst.dk/other'), 422],
    ['another root', '<x/>', 422],
    ['a group without a scope', list(`<PrivilegeGroup>${ROLE}</PrivilegeGroup>`), 422],
    ['a scope of no known kind', list(group(ROLE, 'urn:dk:gov:saml:other:12345678')), 422],
    ['a CVR number of nine digits', list(group(ROLE, `${SCOPE}9`)), 422],
    ['a CVR number with a letter', list(group(ROLE, `${SCOPE.slice(0, -1)}x`)), 422],
    ['no privilege', list(group('')), 422],
    ['an empty privilege', list(group('<Privilege> </Privilege>')), 422],
    ['a constraint without a name', list(group(`${ROLE}<Constraint>1</Constraint>`)), 422],
    [
      'a constraint twice',
      list(group(`${ROLE}<Constraint Name="a">1</Constraint><Constraint Name="a">2</Constraint>`)),
      422,
    ],
    ['elements in a privilege', list(group('<Privilege>a<b/></Privilege>')), 422],
    ['a child of another name', list(group(`${ROLE}<Other/>`)), 422],
    ['a child of another namespace', list(group(`${ROLE}<Privilege xmlns="urn:x">a</Privilege>`)), 422],
    ['more than 256 KiB', list(group(ROLE) + ' '.repeat(256 * 1024)), 413],
    ['a thousand levels', `${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}`, 400],
  ])('hostile: %s is refused', (_, xml, status) => {
    expect(() => readBpp(xml)).toThrow(expect.objectContaining({ name: 'Refusal', status }));
  });

  test.each([
    ['no base64', '<xml>'],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x3c]).toString('base64')],
    ['bits left over', `${Buffer.from(list(group(ROLE))).toString('base64')}A`],
  ])('hostile: %s is refused', (_, encoded) => {
    expect(() => readBppBase64(encoded)).toThrow(expect.objectContaining({ name: 'Refusal' }));
  });

  test('whatever text comes is read or refused, and never quoted', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '</',
      '<!--',
      ']]>',
      '<![CDATA[',
      '&',
      ';',
      '"',
      'Scope=',
      ROLE,
      SCOPE,
      'hemmelig',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        try {
          readBpp(list(parts.join('')));
        } catch (cause) {
          expect(cause).toMatchObject({
            name: 'Refusal',
            kode: expect.stringMatching(/^(xml|bpp)$/) as string,
          });
          expect((cause as { detail: string }).detail).not.toContain('hemmelig');
        }
      }),
    );
  });

  test.each(['', ' a', 'a\u0000', '\ud800', 'a\n'])(
    'a name that would be lost is not written: %j',
    (name) => {
      const given = [
        { scope: { kind: SCOPE_KINDS[0], value: '12345678' }, privileges: [name], constraints: [] },
      ];
      expect(() => writeBpp(given)).toThrow('cannot hold');
    },
  );

  test('a value with a comma is not written', () => {
    const constraints = [{ name: 'a', values: ['1,2'] }];
    const given = [{ scope: { kind: SCOPE_KINDS[0], value: '12345678' }, privileges: ['a'], constraints }];
    expect(() => writeBpp(given)).toThrow('comma');
  });

  test('T27: issued roles are written one group each, with what each is restricted to', () => {
    const kle = 'http://sts.kombit.dk/constraints/KLE/1';
    const level = 'http://sts.kombit.dk/constraints/foelsomhed/1';
    const role = 'http://sag.test/roles/usersystemrole/laes/1';
    const issued = privilegesAsBpp(
      [
        { entityId: role, constraints: { [kle]: ['27.*'], [level]: ['2'] } },
        { entityId: role, constraints: { [kle]: ['32.30.*', '32.31.*'], [level]: ['1'] } },
      ],
      '12345678',
    );
    expect(writeBpp(issued)).toContain(`<Constraint Name="${kle}">32.30.*,32.31.*</Constraint>`);
    expect(
      readBpp(writeBpp(issued)).map(({ constraints }) => constraints.map(({ values }) => values)),
    ).toEqual([
      [['27.*'], ['2']],
      [['32.30.*', '32.31.*'], ['1']],
    ]);
  });
});
