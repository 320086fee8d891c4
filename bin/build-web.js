// Bundles the web app into dist/web. Where Vite is not installed (`npm ci --omit=dev`), what is there stays.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isHere = existsSync(join(root, 'src/web/main.tsx')) && canFind('vite');

if (isHere) {
  const { build } = await import('vite');
  await build({
    configFile: join(root, 'vite.config.ts'),
    configLoader: 'native',
    logLevel: 'warn',
  });
} else {
  console.log('The web app is not built: Vite is not installed.');
}

function canFind(name) {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
