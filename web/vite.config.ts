import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './', // relative to the <base> of index.html, so that the board works below a path, too
  plugins: [react()],
  build: {
    outDir: 'dist/board',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the policy allows what has an address
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    // "npm run dev" beside a server of "make demo"
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/connection': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
});
