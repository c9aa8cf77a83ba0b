import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Who may import whom (the tree in README.md). What is not listed is refused, so dependencies run one way. */
const MAY_IMPORT = {
  'libs/object': [],
  'libs/postgres': [],
  'libs/model': ['object'],
  'libs/access': ['object', 'postgres'],
  'libs/feed': ['object', 'postgres', 'access'],
  'libs/engine': ['object', 'postgres', 'access', 'feed'],
  'libs/server': ['object', 'postgres', 'access', 'feed', 'engine'],
  'libs/client': ['object'],
  'libs/testing': ['object', 'postgres', 'access', 'server'],
  'apps/access-control': ['object', 'postgres', 'access', 'feed', 'engine', 'server', 'model'],
  'apps/classification': ['object', 'postgres', 'access', 'feed', 'engine', 'server', 'model'],
  'apps/organisation': ['object', 'postgres', 'access', 'feed', 'engine', 'server', 'model'],
  'apps/message-distribution': ['object', 'postgres', 'access', 'feed', 'engine', 'server', 'model'],
  'apps/platform': [
    'object',
    'postgres',
    'access',
    'feed',
    'engine',
    'server',
    'model',
    'access-control',
    'classification',
    'organisation',
    'message-distribution',
  ],
  'apps/e2e': ['object', 'model', 'client'],
};
const PACKAGES = Object.keys(MAY_IMPORT).map((folder) => folder.split('/')[1]);

const boundary = (folder, allowed, alsoForTests = []) => {
  const refused = PACKAGES.filter((name) => !allowed.includes(name) && !alsoForTests.includes(name));
  return {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: refused.map((name) => `@stoettesystemer/${name}`),
            message: `${folder} may import only: ${allowed.join(', ') || 'nothing of ours'}.`,
          },
          { group: ['@stoettesystemer/*/*'], message: 'A library is entered by its face, src/index.ts.' },
        ],
      },
    ],
  };
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.data/', '.nx/', '**/coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })] },
    languageOptions: { globals: globals.node },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      // An index that was just checked, or a value that the database constraint gives: noUncheckedIndexedAccess asks at each.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A controller's or a rule's class is its decorators.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      'no-void': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
    files: [`${folder}/src/**/*.ts`],
    ignores: ['**/*.spec.ts', '**/spec/**'],
    rules: boundary(folder, allowed),
  })),
  ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
    files: [`${folder}/src/**/*.spec.ts`, `${folder}/src/**/spec/**/*.ts`],
    rules: boundary(folder, allowed, ['testing', 'server', 'engine', 'model', 'feed', 'client']),
  })),
  {
    // A decorated parameter's type must be a real import, or Nest cannot inject it.
    files: ['libs/server/src/**/*.ts', 'apps/*/src/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'off',
      // A dynamic Nest module is an empty class, and so is a class made from a declaration.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      // A body is searched for the very characters that must not be in it.
      'no-control-regex': 'off',
    },
  },
  {
    files: [
      'tools/src/**/*.ts',
      'apps/platform/src/**/*.ts',
      'libs/postgres/src/**/*.ts',
      '**/*.spec.ts',
      'libs/testing/src/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: globals.node },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
