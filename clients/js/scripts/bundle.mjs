import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

/**
 * Bundles a program for browsers, minified.
 * @param {string} code what it is, with imports from 'callboard'
 * @param {string} folder where its imports are looked for
 * @returns {Promise<{ bytes: number, gzipped: number, modules: string[] }>} its size, and the paths of what went into it
 */
export async function bundle(code, folder) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: folder },
    bundle: true, minify: true, format: 'esm', platform: 'browser', write: false, metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const [file] = outputFiles;
  return { bytes: file.contents.length, gzipped: gzipSync(file.contents, { level: 9 }).length, modules: Object.keys(output.inputs) };
}
