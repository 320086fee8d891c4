import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const WORKER = 'service-worker.js';

/** The service worker is told what to keep; a new build has other names, so that browsers see a new worker. */
const tellWorker = (): Plugin => ({
  name: 'tell-worker',
  generateBundle(_, bundle) {
    const files = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
    const worker = bundle[WORKER];
    if (worker?.type !== 'chunk') throw new Error(`${WORKER} is not among what was built.`);
    const name = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12);
    worker.code = worker.code
      .replace('__NAME__', () => name)
      .replace('__ASSETS__', () => files.join(','));
  },
});

export default defineConfig({
  root: fileURLToPath(new URL('src/web', import.meta.url)),
  // Relative, so that it also works below a path of a proxy.
  base: './',
  plugins: [tellWorker()],
  build: {
    outDir: fileURLToPath(new URL('dist/web', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome123', 'firefox125', 'safari17.5'],
    // The page may only load what comes from the server itself, not what is written into it.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Our packages mark what may not run on a server; nothing here does.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
      input: {
        main: fileURLToPath(new URL('src/web/index.html', import.meta.url)),
        'service-worker': fileURLToPath(new URL('src/web/service-worker.ts', import.meta.url)),
      },
      output: {
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? WORKER : 'assets/[name]-[hash].js',
      },
    },
  },
});
