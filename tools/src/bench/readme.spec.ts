import { withSection } from './readme';

it('replaces what stands between the markers, and nothing else', () => {
  const document = 'before\n<!-- bench -->\n\nold\n\n<!-- /bench -->\nafter\n';
  const written = withSection(document, 'new');
  expect(written).toBe('before\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\nafter\n');
  expect(withSection(written, 'new')).toBe(written);
});

it.each(['nothing', '<!-- /bench --> <!-- bench -->', '<!-- bench -->'])(
  'refuses a document with %s',
  (document) => {
    expect(() => withSection(document, 'new')).toThrow('README.md lacks');
  },
);
