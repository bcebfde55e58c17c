import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Puts a gzip beside every text file, so that the server compresses nothing while it runs. */
function gzipBeside(): Plugin {
  return {
    name: 'gzip-beside',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const [fileName, file] of Object.entries(bundle)) {
        const source = file.type === 'chunk' ? file.code : file.source;
        if (/\.(js|css)$/.test(fileName))
          this.emitFile({
            type: 'asset',
            fileName: `${fileName}.gz`,
            source: gzipSync(source, { level: 9 }),
          });
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), gzipBeside()],
  build: {
    // The content policy allows no data: fonts and no inline script; small files are no reason to weaken it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/ws': { target: 'ws://localhost:8080', ws: true }, '/join.json': 'http://localhost:8080' },
  },
});
