import fc from 'fast-check';
import { guidanceHtml } from './guidance';

describe('guidanceHtml', () => {
  it('reads the pretty-printed 2.0 and the REST form of the same guidance as one', () => {
    const pretty = `
      <p>Emnet dækker:</p>
      <p>
        <ul>
          <li>Sager om <i>kommunens</i>
            styrelse.</li>
          <li>Andet</li>
        </ul>
      </p>`;
    const rest = `<p>Emnet dækker:</p>\n<p><ul> \n<li>Sager om <i>kommunens</i> styrelse.</li>\n<li>Andet</li>\n</ul></p>`;
    expect(guidanceHtml(pretty)).toBe(
      '<p>Emnet dækker:</p><ul><li>Sager om <i>kommunens</i> styrelse.</li><li>Andet</li></ul>',
    );
    expect(guidanceHtml(rest)).toBe(guidanceHtml(pretty));
  });

  it('takes the paragraph up again after a list inside it', () => {
    expect(guidanceHtml('<p>Før:\n<ul><li>a</li></ul>\nEfter.</p>')).toBe(
      '<p>Før:</p><ul><li>a</li></ul><p>Efter.</p>',
    );
  });

  it('keeps lists inside lists', () => {
    expect(guidanceHtml('<p><ul><li>a <ol><li>b</li></ol> c</li></ul></p>')).toBe(
      '<ul><li>a<ol><li>b</li></ol>c</li></ul>',
    );
  });

  it('keeps blanks between words, also around i and b', () => {
    expect(guidanceHtml('<p>se <b>også</b> <i>dette</i> emne</p>')).toBe(
      '<p>se <b>også</b> <i>dette</i> emne</p>',
    );
  });

  it('keeps the text of elements that are not allowed, and breaks the words where a line did', () => {
    expect(guidanceHtml('<p><u>under</u>streget<br/>linje</p>')).toBe('<p>understreget linje</p>');
  });

  it.each([
    ['<p onclick="x()" class="y">a</p>', '<p>a</p>'],
    ['<p>a<script>alert(1)</script></p>', '<p>a</p>'],
    ['<p><a href="javascript:x()">a</a><img src="x" onerror="y"/></p>', '<p>a</p>'],
    ['<p>1 &lt; 2 &amp;amp; &lt;script&gt;</p>', '<p>1 &lt; 2 &amp;amp; &lt;script&gt;</p>'],
    ['', ''],
    [' <p> </p> <p><i></i></p>', ''],
  ])('%j → %j', (xhtml, html) => {
    expect(guidanceHtml(xhtml)).toBe(html);
  });

  const leaf = fc.constantFrom(' ', '\n  ', 'ord', 'to ord', '&lt;b&gt;', '&amp;');
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(
          fc.constantFrom('p', 'ul', 'ol', 'li', 'i', 'b', 'u', 'script', 'td'),
          fc.array(tie('node'), { maxLength: 4 }),
        )
        .map(([tag, children]) => `<${tag} onclick="x">${children.join('')}</${tag}>`),
    ),
  }));
  const document = fc.array(node, { maxLength: 5 }).map((nodes) => nodes.join(''));

  it('holds nothing but six tags without attributes, each closed in its turn, and no list in a paragraph', () => {
    fc.assert(
      fc.property(document, (xhtml) => {
        const open: string[] = [];
        for (const [tag, slash, name = ''] of guidanceHtml(xhtml).matchAll(/<(\/?)([^>]*)>/g)) {
          expect(tag).toMatch(/^<\/?(p|ul|ol|li|i|b)>$/);
          if (slash) expect(open.pop()).toBe(name);
          else {
            if (name === 'ul' || name === 'ol') expect(open.at(-1)).not.toBe('p');
            open.push(name);
          }
        }
        expect(open).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(document, (xhtml) => {
        const html = guidanceHtml(xhtml);
        expect(guidanceHtml(html)).toBe(html);
      }),
      { numRuns: 500 },
    );
  });
});
