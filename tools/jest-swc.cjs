// Jest on Node 20 cannot require() ES modules, and Nest 12 is made of them. So TypeScript is always compiled here,
// and a file of node_modules only when the package that owns it is an ES module.
const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');
const swc = require('@swc/core');

const kinds = new Map();
const kindOf = (folder) => {
  if (kinds.has(folder)) return kinds.get(folder);
  const manifest = path.join(folder, 'package.json');
  const kind = fs.existsSync(manifest)
    ? (JSON.parse(fs.readFileSync(manifest, 'utf8')).type ?? 'commonjs')
    : path.dirname(folder) === folder
      ? 'commonjs'
      : kindOf(path.dirname(folder));
  kinds.set(folder, kind);
  return kind;
};
const isModule = (file) =>
  file.endsWith('.mjs') || (file.endsWith('.js') && kindOf(path.dirname(file)) === 'module');
const typescript = (tsx) => ({
  jsc: {
    parser: { syntax: 'typescript', tsx, decorators: true },
    target: 'es2023',
    keepClassNames: true,
    transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
  },
});
const javascript = { jsc: { parser: { syntax: 'ecmascript' }, target: 'es2023' } };

module.exports = {
  canInstrument: false,
  getCacheKey: (source, file) => crypto.createHash('sha1').update(`v1${file}`).update(source).digest('hex'),
  process(source, filename) {
    const isTypeScript = /\.[cm]?tsx?$/.test(filename);
    if (!isTypeScript && !isModule(filename)) return { code: source };
    return swc.transformSync(source, {
      swcrc: false,
      configFile: false,
      filename,
      sourceMaps: isTypeScript ? 'inline' : false,
      module: { type: 'commonjs', ignoreDynamic: false },
      ...(isTypeScript ? typescript(filename.endsWith('x')) : javascript),
    });
  },
};
