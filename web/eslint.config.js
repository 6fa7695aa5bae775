import { readdirSync } from 'node:fs';

import js from '@eslint/js';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

// The arrows of the board: which folder of src may import which. What is below knows nothing of what is above.
const below = {
  text: [],
  client: ['text'],
  address: [],
  ui: ['text'],
  session: ['client', 'text'],
  live: ['client', 'session', 'text', 'ui'],
};
const top = 'shell'; // knows all features, and no feature knows it
const folders = readdirSync(new URL('src', import.meta.url), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const features = folders.filter((name) => !(name in below) && name !== top);

const to = (names, rest) => `^(\\.\\./)+(${names.join('|')})${rest}`;

function arrows(folder) {
  const isFeature = features.includes(folder);
  const allowed = isFeature ? Object.keys(below) : (below[folder] ?? []);
  const forbidden = folders.filter((name) => name !== folder && !allowed.includes(name) && !(isFeature && features.includes(name)));
  const others = features.filter((name) => isFeature && name !== folder);
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...(forbidden.length > 0 ? [{ regex: to(forbidden, '(/|$)'), message: `${folder} stands below or beside that: see the arrows in ARCHITECTURE.md.` }] : []),
            ...(others.length > 0 ? [{ regex: to(others, '/(?!shared$)'), message: 'Features meet through what the other one names in its shared.ts.' }] : []),
          ],
        },
      ],
    },
  };
}

export default ts.config(
  { ignores: ['dist', 'plain', 'public', 'node_modules'] },
  js.configs.recommended,
  { files: ['theme.js'], languageOptions: { globals: { document: 'readonly', localStorage: 'readonly', matchMedia: 'readonly', addEventListener: 'readonly' } } },
  { files: ['scripts/*.mjs', 'eslint.config.js'], languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.recommendedTypeChecked, ts.configs.stylisticTypeChecked, hooks.configs.flat.recommended, a11y.flatConfigs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }], // the usual way to leave a field out
      '@typescript-eslint/non-nullable-type-assertion-style': 'off', // it asks for !
      '@typescript-eslint/dot-notation': 'off', // tsc asks for brackets where an index signature is read
      'jsx-a11y/no-autofocus': ['error', { ignoreNonDOM: true }], // a page that is nothing but a form begins in it
      'jsx-a11y/no-noninteractive-tabindex': ['error', { roles: ['gridcell', 'grid', 'tabpanel'], tags: ['main', 'h1'] }],
      'jsx-a11y/interactive-supports-focus': 'off', // cells rove: one of them has the focus
    },
  },
  ...folders.filter((name) => name !== top).map(arrows),
);
