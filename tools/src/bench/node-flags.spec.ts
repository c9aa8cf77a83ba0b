import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFlags } from './node-flags';

const read = (file: string) => readFileSync(join(__dirname, '../../..', file), 'utf8');

test('what is measured, what npm starts and what the image starts run with the same flags', () => {
  const flags = nodeFlags();
  expect(flags).toEqual(expect.arrayContaining([expect.stringMatching(/^--max-semi-space-size=\d+$/)]));
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const name of ['start', 'bench', 'bench:long'])
    expect(scripts[name]).toContain(`node ${flags.join(' ')} tools/`);
  const [, command = '[]'] = /^CMD (.*)$/m.exec(read('docker/Dockerfile')) ?? [];
  expect(JSON.parse(command)).toEqual(['node', ...flags, 'dist/main.js']);
});
