import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../house/source.ts';

const BUILT = join(ROOT, 'dist', 'web');
/** What goes into it. */
const SOURCES = ['src/web', 'src/core', 'src/protocol', 'vite.config.ts', 'package-lock.json'];

/** The web app that the server gives out, made of the sources as they are now. Nothing is done where it is. */
export async function buildWeb(): Promise<void> {
  if (isFresh()) return;
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  const aside = await mkdtemp(join(ROOT, 'dist', 'web-'));
  try {
    await bundleInto(join(aside, 'new'));
    // Another test file may have been quicker; what it is given out from stays.
    if (isFresh()) return;
    if (existsSync(BUILT)) await rename(BUILT, join(aside, 'old'));
    await rename(join(aside, 'new'), BUILT);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function isFresh(): boolean {
  const built = statSync(join(BUILT, 'index.html'), { throwIfNoEntry: false });
  const newest = Math.max(...SOURCES.map((source) => newestIn(join(ROOT, source))));
  return built !== undefined && built.mtimeMs >= newest;
}

/** A directory's own time tells that something in it is gone. */
function newestIn(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

/** As `npm run build` does it: the test runner's own surroundings would make a bundle for tests. */
function bundleInto(directory: string): Promise<void> {
  const { NODE_ENV: _, ...env } = process.env;
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = ['build', '--configLoader', 'native', '--logLevel', 'warn', '--outDir', directory];
  const child = spawn(process.execPath, [vite, ...args, '--config', join(ROOT, 'vite.config.ts')], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error('The web app could not be built; see above.')),
    );
  });
}
