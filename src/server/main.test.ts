import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/syncer-server.js', import.meta.url));

let directory = '';
const children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncer-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<number | null>;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const texts = { out: '', err: '' };
  child.stdout?.on('data', (bytes) => {
    texts.out += bytes;
  });
  child.stderr?.on('data', (bytes) => {
    texts.err += bytes;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, out: () => texts.out, err: () => texts.err };
}

/** Where it listens, as it says itself. */
async function urlOf({ out, err, child }: Started): Promise<string> {
  const said = () => /listening on (\S+)/.exec(out())?.[1];
  await expect
    .poll(() => said() !== undefined || child.exitCode !== null, { timeout: 30_000 })
    .toBe(true);
  const url = said();
  if (url === undefined) throw new Error(`It did not start: ${err()}`);
  return url;
}

const refused = async (args: readonly string[], env = {}) => {
  const program = start(args, env);
  return { code: await program.ended, err: program.err().trim() };
};

describe('syncer-server', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('serves, and ends with 0 after %s', async (signal) => {
    const server = start(['--port', '0']);
    const url = await urlOf(server);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'healthy' });
    server.child.kill(signal);
    expect(await server.ended).toBe(0);
    expect(server.err()).toBe('');
    expect(server.out()).toContain('stopped');
  });

  it('keeps everything in the directory, and lets no second server in, until it is killed', async () => {
    const args = ['--port', '0', '--sync-directory', 'data'];
    const first = start(args);
    await urlOf(first);
    const { code, err } = await refused(args);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^syncer-server: The server cannot use .*data .*: another server uses it\.$/,
    );
    first.child.kill('SIGKILL');
    await first.ended;
    const next = start(args);
    const url = await urlOf(next);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('goes by flag, environment and file, in this order', async () => {
    await mkdir(join(directory, 'etc'));
    const yaml = 'host: nowhere.invalid\nport: 1\nsync_directory: kept\nlog_file: log/server.log\n';
    await writeFile(join(directory, 'etc', 'server.yaml'), yaml);
    const env = { SYNCER_HOST: '127.0.0.1', SYNCER_PORT: '2', SYNCER_PORTT: '3' };
    const server = start(['--config', 'etc/server.yaml', '--port', '0', '-v'], env);
    const url = await urlOf(server);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.out()).toContain('SYNCER_PORTT means nothing');
    await fetch(`${url}/v1/stats`);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    const log = await readFile(join(directory, 'etc/log/server.log'), 'utf8');
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['request', 'stopped']));
    await readFile(join(directory, 'etc/kept/metadata.sqlite'));
  });
});

describe('exit codes', () => {
  it.each([
    [['--port', '99999'], 'port is 99999 (from --port): it must be at most 65535'],
    [['--config', 'none.yaml'], 'none.yaml is not there'],
    [['--port', '0', '--sync-directory', 'file'], 'it is a file'],
  ])('1, and one sentence, for %j', async (args, sentence) => {
    await writeFile(join(directory, 'file'), '');
    const { code, err } = await refused(args);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err.split('\n')).toHaveLength(1);
  });

  it.each([['--nonsense'], ['extra'], ['--port']])('2 for wrong usage: %s', async (arg) => {
    const { code, err } = await refused([arg]);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: /);
  });

  it.each([
    ['--help', 'Examples:'],
    ['--version', '.'],
  ])('0 for %s', async (arg, said) => {
    const program = start([arg]);
    expect(await program.ended).toBe(0);
    expect(program.out()).toContain(said);
  });
});
