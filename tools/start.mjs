// `npm start`: installs and builds what is missing, then becomes the platform.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, endWithNpm, install, root } from './prepare.mjs';

endWithNpm();
await install();
await build();
// In this process: a signal, and kill -9 too, then meets the platform itself and leaves no second process behind.
process.argv[1] = join(root, 'apps/platform/dist/main.js');
await import(pathToFileURL(process.argv[1]).href);
