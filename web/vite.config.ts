import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Gives theme.js a name with its hash, so that it is cached like the rest: asked for at each load it holds everything up for a round
 * trip. Vite does so with modules alone, which run after the first paint.
 */
function themeFile(): Plugin {
  const source = readFileSync(new URL('theme.js', import.meta.url), 'utf8');
  const fileName = `assets/theme-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.js`;
  return {
    name: 'theme-file',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'asset', fileName, source });
    },
    transformIndexHtml: (html) => html.replace('./theme.js', `./${fileName}`),
  };
}

/** Names first.ts in the page with async, so that it runs as soon as it is there: modules run when all of them are. */
function firstFile(): Plugin {
  return {
    name: 'first-file',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const first = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === 'first');
        if (!first) {
          throw new Error('there is no chunk of first.ts');
        }
        return html.replace('<script type="module"', `<script type="module" async crossorigin src="./${first.fileName}"></script>\n$&`);
      },
    },
  };
}

/**
 * Has Chromium compile the files of the first page while they are being downloaded, beside the thread that draws. Left to itself it compiles function by function
 * when each is called first, which takes a third of the time that the first page does.
 */
function compiledAtOnce(): Plugin {
  return {
    name: 'compiled-at-once',
    apply: 'build',
    generateBundle: {
      order: 'post', // Vite puts a line first
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'chunk' && ['first', 'libraries', 'board', 'index'].includes(file.name)) {
            file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
          }
        }
      },
    },
  };
}

export default defineConfig({
  base: './', // relative to the <base> of index.html, so that the board works below a path, too
  plugins: [react(), themeFile(), firstFile(), compiledAtOnce()],
  build: {
    outDir: 'dist/board',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the policy allows what has an address
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs in two files. Left to itself the bundler makes twenty, and each costs a slow line a round trip.
          groups: [
            { name: 'first', test: /\/src\/first\.ts$/, priority: 1 }, // with what it imports
            { name: 'libraries', tags: ['$initial'], test: /node_modules/ },
            { name: 'board', tags: ['$initial'] },
          ],
        },
      },
    },
  },
  server: {
    // "npm run dev" beside a server of "make demo"
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/connection': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
});
