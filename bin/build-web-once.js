// A checkout has no web app until it is built, which `npm ci` does not do: dependencies run no scripts, and so do we not.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = dirname(fileURLToPath(import.meta.url));
const root = dirname(bin);

/** In a checkout, and where there is none: some seconds, once. Whether it worked, the server says on its page. */
export function buildWebAppOnce() {
  const isCheckout = existsSync(join(root, 'src/web/main.tsx'));
  if (!isCheckout || existsSync(join(root, 'dist/web/index.html'))) return;
  console.error('Building the web app, this once …');
  spawnSync(process.execPath, [join(bin, 'run.js'), join(bin, 'build-web.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
