// Bundles the web app into dist/web. Where Vite is not installed (`npm ci --omit=dev`), what is there stays.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'dist/web');
// Beside it first: a server, or another build, never sees a half of it.
const outDir = `${target}-${process.pid}`;
const isHere = existsSync(join(root, 'src/web/main.tsx')) && canFind('vite');

if (isHere) {
  const { build } = await import('vite');
  const configFile = join(root, 'vite.config.ts');
  try {
    await build({ configFile, configLoader: 'native', logLevel: 'warn', build: { outDir } });
    putInPlace();
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
} else {
  console.log('The web app is not built: Vite is not installed.');
}

/** Another build that was quicker has put the same there. */
function putInPlace() {
  rmSync(target, { recursive: true, force: true });
  try {
    renameSync(outDir, target);
  } catch (error) {
    if (!existsSync(join(target, 'index.html'))) throw error;
  }
}

function canFind(name) {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
