// Bundles the client into dist/program/client: opening a thousand small files takes longer than running what is in them.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [outDir = join(root, 'dist/program/client')] = process.argv.slice(2);
/** What is native stays where it is, and is found beside us. */
const external = ['better-sqlite3', 'bufferutil', 'utf-8-validate'];

/** Their licenses ask that they go along with what is made of their packages. */
const withLicenses = () => ({
  name: 'with-licenses',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
    const packages = new Set(modules.map(packageOf).filter((one) => one !== undefined));
    const source = [...packages].sort().map(licenseOf).join('\n\n');
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source });
  },
});

/** Its directory; greedy, as packages lie in packages. Undefined for what is ours. */
const packageOf = (module) =>
  /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module.replace('\0', ''))?.[0];

function licenseOf(directory) {
  const name = directory.split(`node_modules${sep}`).at(-1);
  const file = readdirSync(directory).find((one) => /^licen[cs]e/i.test(one));
  if (file === undefined) throw new Error(`${name} has no license, so it cannot go along.`);
  return `${name}\n\n${readFileSync(join(directory, file), 'utf8')}`;
}

/** One letter that is no Latin one makes a whole source take twice the memory, for as long as the client runs. */
const inLatinLetters = () => ({
  name: 'in-latin-letters',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk') chunk.code = chunk.code.replace(/[^\0-\x7f]/g, escaped);
  },
});

/**
 * A client speaks no TLS, but its WebSockets could: as soon as Node's own module for it is loaded, all certificates there
 * are are read, in a thread of their own, and kept.
 */
const withoutTls = () => ({
  name: 'without-tls',
  enforce: 'pre',
  resolveId: (id) => (/^(?:node:)?(?:tls|https)$/.test(id) ? WITHOUT_TLS : undefined),
  load: (id) => (id === WITHOUT_TLS ? 'export default {};' : undefined),
});

const WITHOUT_TLS = '\0without-tls';

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

if (existsSync(outDir)) rmSync(outDir, { recursive: true });
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  plugins: [withoutTls(), withLicenses(), inLatinLetters()],
  ssr: { noExternal: true, external, target: 'node' },
  build: {
    ssr: true,
    outDir,
    target: 'node22',
    rolldownOptions: {
      input: {
        main: join(root, 'src/client/main.ts'),
        // Found by its name: it is a program of its own, of a thread.
        'hash-thread': join(root, 'src/client/hasher/hash-thread.ts'),
      },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
      },
    },
  },
});
