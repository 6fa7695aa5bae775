export default {
  logLevel: 'warn',
  // Its output runs in Node, which has no document to load modules in advance for.
  build: { modulePreload: { polyfill: false }, rollupOptions: { output: { entryFileNames: 'main.js' } } },
};
