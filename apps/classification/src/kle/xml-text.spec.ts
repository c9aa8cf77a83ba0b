import fc from 'fast-check';
import { FaultList, InvalidKle, type Position } from './fault';
import {
  emneplan,
  faultsOf,
  gruppe,
  hovedgruppe,
  read,
  vejledning,
  withEmner,
  emne,
} from './spec/made-up-edition';
import { readKle } from './read-kle';
import { XmlText } from './xml-text';

const SOUND = withEmner(emne('01.01.01'));
const first = async (text: string | Uint8Array): Promise<string> => {
  const [fault] = await faultsOf(text);
  return `${fault?.linje}:${fault?.kolonne} ${fault?.kode} ${fault?.besked}`;
};

describe('what is not well-formed is refused where it stands', () => {
  it.each([
    ['<KLE-Emneplan>\n </b>\n</KLE-Emneplan>', '2:5 xml slutmærket passer ikke til det åbne element'],
    ['<KLE-Emneplan>\n', '2:1 xml elementet <KLE-Emneplan> lukkes ikke'],
    ['<KLE-Emneplan>\n<Hovedgruppe', '2:12 xml elementet <KLE-Emneplan> lukkes ikke'],
    ['<KLE-Emneplan>\n&aring;</KLE-Emneplan>', '2:7 xml entiteten findes ikke'],
    ['<KLE-Emneplan a="1" a="2"/>', '1:27 xml attributten a er angivet to gange'],
    ['<KLE-Emneplan a=1/>', '1:17 xml attributten mangler en værdi i anførselstegn'],
    ['<KLE-Emneplan><x:a/></KLE-Emneplan>', '1:20 xml præfikset x er ikke erklæret'],
    ['<KLE-Emneplan>\u0001</KLE-Emneplan>', '1:15 xml tegnet er ikke tilladt her'],
    [
      '<KLE-Emneplan>a]]>b</KLE-Emneplan>',
      '1:18 xml XML er ikke velformet (the string "]]>" is disallowed in char data)',
    ],
    ['<?xml version="1.0" encoding="UTF-8"?>\n', '2:1 xml filen har intet rodelement'],
  ])('%j', async (text, fault) => {
    expect(await first(text)).toBe(fault);
  });

  it('after the end of the document', async () => {
    expect(await first(`${SOUND}\n<a/>`)).toContain('xml filen har mere end ét rodelement');
    expect(await first(`${SOUND}\nx`)).toContain('xml der står tekst uden for rodelementet');
  });

  it('together with the faults before it', async () => {
    const faults = await faultsOf(withEmner(emne('01.01.01', { bevaring: 'X' })).slice(0, -5));
    expect(faults.map(({ kode }) => kode)).toEqual(['vaerdi', 'xml']);
  });
});

describe('what no KLE file needs is refused', () => {
  it.each([
    ['<!DOCTYPE KLE-Emneplan>\n<KLE-Emneplan/>', '1:23 doctype DOCTYPE og entiteter er ikke tilladt'],
    [
      '<!DOCTYPE a [\n<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<a>&x;</a>',
      '2:41 doctype DOCTYPE og entiteter er ikke tilladt',
    ],
    [
      '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
      '1:43 tegnsaet tegnsættet skal være UTF-8, ikke ISO-8859-1',
    ],
    ['<html/>', '1:1 rod rodelementet skal være <KLE-Emneplan> eller <KLE-Handlingsfacetter>, ikke <html>'],
    [
      '<KLE-Emneplan xmlns="urn:x"/>',
      '1:1 rod rodelementet skal være <KLE-Emneplan> eller <KLE-Handlingsfacetter>, ikke <{urn:x}KLE-Emneplan>',
    ],
  ])('%j', async (text, fault) => {
    expect(await first(text)).toBe(fault);
  });

  it('elements in elements without end', async () => {
    const deep = (n: number): string =>
      emneplan(
        hovedgruppe(
          '01',
          gruppe(
            '01.01',
            emne('01.01.01', {
              foer: vejledning('Emne', `<p><ul><li>${'<b>'.repeat(n)}${'</b>'.repeat(n)}</li></ul></p>`),
            }),
          ),
        ),
      );
    await expect(read(deep(20))).resolves.toBeDefined();
    expect(await first(deep(40))).toContain('dybde elementerne står mere end 32 niveauer dybt');
  });

  it.each(['<!DOCTYPE a [<!--', '<KLE-Emneplan>', '<KLE-Emneplan a="', '<!--', '<KLE-Emneplan><![CDATA['])(
    'a piece of text without end, after %j',
    async (start) => {
      let pulled = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(start);
        for (; pulled < 100; pulled += 1) {
          await Promise.resolve();
          yield Buffer.alloc(64 << 10, 'x');
        }
      }
      await expect(readKle(endless())).rejects.toMatchObject({
        fejl: [{ kode: 'stoerrelse', besked: 'et enkelt stykke tekst fylder mere end en million tegn' }],
      });
      expect(pulled).toBeLessThan(20);
    },
  );
});

describe('the place of an element', () => {
  const blank = fc.stringMatching(/^[ \n\t]{0,4}$/);
  const piece = fc.oneof(
    blank,
    fc.constantFrom('ord', 'æøå', '&amp;', '<!-- a\nb -->', '<![CDATA[\n x]]>', '<?pi a\n?>', '\r\n'),
    fc
      .tuple(
        fc.constantFrom('a', 'bb', 'længere-navn'),
        fc.constantFrom('', ' ', '\n', '\n  x="1\n2"\n', ' y="æ"'),
      )
      .map(([name, rest]) => `<${name}${rest}/>`),
  );

  it('is where its bracket stands, whatever stands around it and however the text comes in', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
        const text = `<rod>${pieces.join('')}</rod>`;
        const places: Position[] = [];
        const xml = new XmlText(
          { open: (_, __, at) => places.push(at), text: () => undefined, close: () => undefined },
          new FaultList(),
        );
        for (let from = 0; from < text.length; from += size) xml.write(text.slice(from, from + size));
        xml.end();
        const hidden = text.replace(/<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>/gs, (whole) =>
          whole.replace(/[^\n]/g, ' '),
        );
        const expected = [...hidden.matchAll(/<[a-zæ]/g)].map(({ index }) => {
          const lines = text.slice(0, index).split(/\r\n|\n/);
          return { linje: lines.length, kolonne: (lines.at(-1)?.length ?? 0) + 1 };
        });
        expect(places).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

it('is a refusal that says in its own text what is wrong', async () => {
  const error: unknown = await read(withEmner(emne('01.01.01', { bevaring: 'X' }))).catch(
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(InvalidKle);
  expect((error as InvalidKle).message).toBe(
    'KLE-filen har 1 fejl; intet er indlæst.\nlinje 3, kolonne 609: <BevaringJaevnfoerArkivloven> »X« er ikke en af K, K5, K10, B og tom (/KLE-Emneplan/Hovedgruppe[01]/Gruppe[01.01]/Emne[01.01.01]/BevaringJaevnfoerArkivloven)',
  );
});
