import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { threadedHasher } from '../../src/client/hasher/threaded.ts';
import { Program } from '../end-to-end/processes.ts';
import { ROOT } from '../house/source.ts';

let directory = '';
let installed = '';
const running: Program[] = [];

/** Builds and packs what would be published, and unpacks it where npm would: with dependencies beside it. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'syncer-'));
  const [checkout, modules] = [join(directory, 'checkout'), join(directory, 'node_modules')];
  lookAlike(checkout);
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const rooms = ['src/client', 'src/server', 'src/web'];
  await run(process.execPath, [compiler, '-b', ...rooms], checkout);
  await run(process.execPath, [join(checkout, 'bin/build-client.js')], checkout);
  const bundler = join(ROOT, 'node_modules/vite/bin/vite.js');
  const web = ['--config', join(ROOT, 'vite.config.ts'), '--outDir', join(checkout, 'dist/web')];
  await run(process.execPath, [bundler, 'build', '--configLoader', 'native', ...web], checkout);
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], checkout);
  await run('tar', ['-xzf', readdirSync(directory).find(isPackage) ?? ''], directory);
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  installed = join(modules, 'syncer');
  cpSync(join(directory, 'package'), installed, { recursive: true });
}, 600_000);

afterAll(async () => {
  for (const program of running) await program.kill();
  rmSync(directory, { recursive: true, force: true });
});

const isPackage = (name: string): boolean => /^syncer-.*\.tgz$/.test(name);

/** The checkout may be read only: sources are linked, what is packed is copied. */
function lookAlike(checkout: string): void {
  mkdirSync(checkout);
  const copied = [
    'bin',
    'docs',
    'examples',
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'package.json',
  ];
  for (const name of copied) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  for (const name of ['src', 'node_modules', 'tsconfig.base.json']) {
    symlinkSync(join(ROOT, name), join(checkout, name));
  }
}

function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const env = {
    ...process.env,
    npm_config_cache: join(directory, 'npm'),
    npm_config_offline: 'true',
  };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      said += bytes;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${said}`));
    });
  });
}

const start = (bin: string, ...args: string[]): Program => {
  const bins: Record<string, string> = manifest().bin;
  const env = { ...process.env, SYNCER_STATE_HOME: join(directory, 'state') };
  const program = new Program([join(installed, bins[bin] ?? ''), ...args], { cwd: directory, env });
  running.push(program);
  return program;
};

const manifest = () => JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));

describe('[contract 1] the installed package', () => {
  it('brings the thread that hashes large files', async () => {
    const program = pathToFileURL(join(installed, 'dist/program/client/hash-thread.js'));
    const hashing = threadedHasher({ from: 0, program }).open({ size: 3 });
    await hashing.push(Buffer.from('abc'));
    expect(await hashing.end()).toBe(createHash('sha256').update('abc').digest('hex'));
  });

  it('holds what was built, and neither sources nor tests', () => {
    const top = readdirSync(installed).sort();
    expect(top).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'bin', 'dist', 'docs', 'examples']),
    );
    expect(top).not.toContain('src');
    expect(top).not.toContain('test');
    expect(readdirSync(join(installed, 'dist')).sort()).toEqual([
      'core',
      'program',
      'protocol',
      'server',
      'web',
    ]);
    expect(readdirSync(join(installed, 'dist/program/client'))).toEqual(
      expect.arrayContaining(['LICENSES.txt', 'hash-thread.js', 'main.js']),
    );
    expect(readdirSync(join(installed, 'dist/web'))).toEqual(
      expect.arrayContaining(['assets', 'icon.svg', 'index.html', 'service-worker.js']),
    );
    expect(readdirSync(join(installed, 'bin')).sort()).toEqual([
      'build-web-once.js',
      'guard.js',
      'syncer-client.js',
      'syncer-server.js',
    ]);
  });

  it('runs a server and a client', async () => {
    const data = join(directory, 'data');
    const server = start('syncer-server', '--port', '0', '--sync-directory', data);
    const client = start('syncer-client', '--version');
    const [, url = ''] = await server.says(/listening on (\S+)/);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'healthy' });
    expect(await client.ended()).toBe(0);
    expect(client.output).toBe(`${manifest().version}\n`);
    const { port } = new URL(url);
    const options = ['--name', 'Anna', '--sync-dir', './files', '--server-port', port];
    expect(await start('syncer-client', 'init', ...options).ended()).toBe(0);
    const syncing = start('syncer-client', 'start');
    await syncing.says(/in sync/);
    expect(await syncing.stop()).toBe(0);
    expect(await server.stop()).toBe(0);
  });
});
