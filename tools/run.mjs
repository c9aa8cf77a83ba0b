// `npm run cli|bench|generate`: installs and builds what is missing, then becomes the program of that name.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, endWithNpm, fail, install, root } from './prepare.mjs';

const [name, ...args] = process.argv.slice(2);
endWithNpm();
await install();
await build();
const program = join(root, 'tools/dist', `${name}.js`);
if (!/^[a-z-]+$/.test(name ?? '') || !existsSync(program))
  fail(`Der er intet program ved navn ${name ?? ''}.`);
process.argv = [process.execPath, program, ...args];
await import(pathToFileURL(program).href);
