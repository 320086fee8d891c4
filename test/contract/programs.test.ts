import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Bench, until } from '../end-to-end/processes.ts';
import { ROOT } from '../house/source.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const inBench = (path: string): string => join(bench.directory, path);
const configAt = (path: string): Record<string, unknown> =>
  parse(readFileSync(inBench(path), 'utf8'));

async function run(command: string, ...args: string[]) {
  const program = bench.run(command, ...args);
  const code = await program.ended();
  return { code, text: program.output };
}

/** What the contract states of a new configuration, beside name and directory. */
const DEFAULTS = {
  server_host: 'localhost',
  server_port: 8000,
  ignore_patterns: ['.git', '__pycache__', '*.tmp', '*.log'],
  api_key: null,
  heartbeat_interval: 30,
};

describe('[contract 1] options and their defaults', () => {
  it.each([
    ['syncer-server', [], '--host', 'localhost'],
    ['syncer-server', [], '--port', '8000'],
    ['syncer-server', [], '--sync-directory', './sync_data'],
    ['syncer-server', [], '--config', undefined],
    ['syncer-server', [], '-v, --verbose', 'false'],
    ['syncer-client', ['init'], '--name', undefined],
    ['syncer-client', ['init'], '--sync-dir', undefined],
    ['syncer-client', ['init'], '--server-host', 'localhost'],
    ['syncer-client', ['init'], '--server-port', '8000'],
    ['syncer-client', ['init'], '-c, --config', 'config.yaml'],
    ['syncer-client', ['start'], '-c, --config', 'config.yaml'],
    ['syncer-client', ['start'], '-v, --verbose', 'false'],
    ['syncer-client', ['status'], '-c, --config', 'config.yaml'],
  ] as const)('%s %j says of %s: %s', async (...[command, more, option, value]) => {
    const { code, text } = await run(command, ...more, '--help');
    expect(code).toBe(0);
    // Each option with all that is said of it, however it was wrapped.
    const options = text.split(/\n(?= {2}-)/).map((part) => part.replace(/\s+/g, ' ').trim());
    const said = options.filter((part) => part.startsWith(`${option} `));
    expect(said).toHaveLength(1);
    const [, found] = /\(default: "?([^")]+)"?\)/.exec(said[0] ?? '') ?? [];
    expect(found).toBe(value);
  });
});

describe('[contract 1] syncer-client init', () => {
  it('writes config.yaml with the defaults that are stated', async () => {
    const { code } = await run('syncer-client', 'init', '--name', 'Anna', '--sync-dir', './files');
    expect(code).toBe(0);
    const config = configAt('config.yaml');
    expect(config).toMatchObject({ client_name: 'Anna', sync_directory: './files', ...DEFAULTS });
  });

  it('asks for name and directory when they are absent, on a terminal', async () => {
    const terminal = openTerminal([join(ROOT, 'bin/syncer-client.js'), 'init']);
    await until(() => terminal.text().includes('call this client?'), { what: terminal.text });
    terminal.type('Tess\r');
    await until(() => terminal.text().includes('directory is to be'), { what: terminal.text });
    terminal.type('./my-files\r');
    expect(await terminal.ended).toBe(0);
    expect(configAt('config.yaml')).toMatchObject({
      client_name: 'Tess',
      sync_directory: './my-files',
      ...DEFAULTS,
    });
  });
});

describe('[contract 1] syncer-client start', () => {
  it('creates a missing configuration with exactly the stated defaults', async () => {
    // A file where the directory should be: it ends before it asks any server.
    writeFileSync(inBench('sync'), '');
    const { code, text } = await run('syncer-client', 'start');
    expect(code).toBe(1);
    expect(text).toContain('sync is not a directory');
    expect(configAt('config.yaml')).toEqual({
      client_name: 'default-client',
      sync_directory: './sync',
      // Ours beside those of the contract.
      server_tls: false,
      text_merge: true,
      hold_deletions: true,
      hold_overwrites: true,
      hold_over: 1000,
      hold_share: 0.5,
      approve_in_browser: true,
      ...DEFAULTS,
    });
  });

  it('takes -c and --config, and tells more with -v and --verbose', async () => {
    const server = await bench.server(['-v']);
    const home = await bench.client('anna', server);
    for (const options of [
      ['-c', '-v'],
      ['--config', '--verbose'],
    ]) {
      const [config = '', verbose = ''] = options;
      const client = bench.run('syncer-client', 'start', config, home.config, verbose);
      await client.says(/in sync/);
      expect(await client.stop()).toBe(0);
    }
    expect(server.program.output).toMatch(/debug request .*\/v1\/clients/);
  });
});

describe('[contract 1] syncer-client status', () => {
  it('shows name, folder, server, ignore patterns, files, connection, lag, work and conflicts', async () => {
    const server = await bench.server();
    const home = await bench.client('anna', server);
    mkdirSync(join(home.directory, 'd'));
    for (const name of ['a.txt', 'd/b.txt', 'c.tmp'])
      writeFileSync(join(home.directory, name), 'x');
    writeFileSync(join(home.directory, 'a (conflict, Ben, 2026-11-22 17-54-14).txt'), 'y');
    const client = home.start();
    await client.says(/in sync/);
    const status = async () => (await run('syncer-client', 'status', '-c', home.config)).text;
    await until(async () => /lag +none: in sync/.test(await status()), { what: () => home.config });
    const text = await status();
    for (const row of [
      /^client +anna$/m,
      new RegExp(`^folder +${home.directory}$`, 'm'),
      new RegExp(`^server +localhost:${server.port}$`, 'm'),
      /^ignored +\.git, __pycache__, \*\.tmp, \*\.log$/m,
      /^files +3 files in 1 directory/m,
      /^connection +connected/m,
      /^pending +nothing$/m,
      /^conflicts +1$/m,
    ]) {
      expect(text).toMatch(row);
    }
    expect(await client.stop()).toBe(0);
    expect(await status()).toMatch(/^connection +no client is running/m);
  });
});

describe('[contract 1] from a checkout', () => {
  it.each(['syncer-server', 'syncer-client'])('npx %s runs', async (command) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    // A place like the checkout: npx sets the modes of files, and this one may be read only.
    const cwd = inBench('checkout');
    for (const name of ['bin', 'package.json']) {
      cpSync(join(ROOT, name), join(cwd, name), { recursive: true });
    }
    for (const name of ['src', 'node_modules']) symlinkSync(join(ROOT, name), join(cwd, name));
    const env = { ...process.env, npm_config_cache: inBench('npm'), npm_config_offline: 'true' };
    const child = spawn('npx', [command, '--version'], { cwd, env, stdio: 'pipe' });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => {
        text += bytes;
      });
    }
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, text]).toEqual([0, `${version}\n`]);
  });
});

/** A program on a terminal of 80 columns, which `script` makes. */
function openTerminal(args: readonly string[]) {
  const quoted = [process.execPath, ...args].map((arg) => `'${arg}'`).join(' ');
  const line = `stty cols 80 rows 24; exec ${quoted}`;
  const options =
    process.platform === 'linux'
      ? ['-qfec', line, '/dev/null']
      : ['-q', '/dev/null', 'sh', '-c', line];
  const env = { ...process.env, TERM: 'xterm', SYNCER_STATE_HOME: inBench('state') };
  const child = spawn('script', options, { cwd: bench.directory, env, stdio: 'pipe' });
  let text = '';
  child.stdout.on('data', (bytes) => {
    text += bytes;
  });
  return {
    text: () => text,
    type: (keys: string) => child.stdin.write(keys),
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
}
