import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench } from '../../../test/end-to-end/processes.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

/** One command to its end: its exit code, and all it said. */
async function run(...args: string[]): Promise<{ code: number | null; text: string }> {
  const program = bench.run('syncer-client', ...args);
  const code = await program.ended();
  return { code, text: program.output };
}

const inBench = (path: string): string => join(bench.directory, path);
const put = (path: string, text: string): void => writeFileSync(inBench(path), text);
const init = (...more: string[]) => run('init', '--name', 'Anna', '--sync-dir', './files', ...more);

describe('the program', () => {
  it('prints help with examples for each command, and its version', async () => {
    for (const command of [
      [],
      ['init'],
      ['start'],
      ['status'],
      ['wait'],
      ['conflicts'],
      ['resolve'],
      ['held'],
      ['approve'],
      ['undo'],
      ['plan'],
      ['history'],
      ['restore'],
      ['log'],
      ['rewind'],
      ['explain'],
    ]) {
      const { code, text } = await run(...command, '--help');
      expect(code).toBe(0);
      expect(text).toContain('Examples:\n  $ syncer-client');
    }
    const { version } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    );
    expect(await run('--version')).toEqual({ code: 0, text: `${version}\n` });
  });

  it.each([
    [[]],
    [['stat']],
    [['start', '--nonsense']],
    [['start', 'too', 'many']],
    [['resolve', 'a']],
    [['resolve', 'a', '--keep', 'mine']],
    [['resolve', '--keep', 'both']],
    [['wait', '--connected']],
    [['wait', '--timeout', '0']],
    [['wait', '--timeout', 'long']],
    [['history']],
    [['restore', 'a']],
    [['restore', '--version', '1']],
    [['rewind', '.']],
    [['explain']],
    [['init']],
    [['init', '--name', 'Anna']],
    [['init', '--name', 'A/B', '--sync-dir', 'files']],
    [['init', '--name', 'Anna', '--sync-dir', 'files', '--server-port', '0']],
  ])('ends with 2 when it is used wrongly: %j', async (args) => {
    const { code, text } = await run(...args);
    expect(code).toBe(2);
    expect(text).not.toBe('');
  });

  it.each([
    ['status'],
    ['status', '--watch'],
    ['wait'],
    ['conflicts'],
    ['resolve', 'a', '--keep', 'both'],
    ['held'],
    ['approve'],
    ['plan'],
    ['start', '--dry-run'],
    ['history', 'a'],
    ['restore', 'a', '--version', '1'],
    ['log'],
    ['rewind', '.', '--to', '1h', '--dry-run'],
    ['explain', 'a'],
    ['trash', 'list', '--server'],
  ])('%s says how to make the configuration that is missing', async (...args) => {
    const { code, text } = await run(...args, '-c', 'none.yaml');
    expect(code).toBe(1);
    expect(text).toContain(`${inBench('none.yaml')}. Make one with: syncer-client init`);
  });
});

describe('init', () => {
  it('writes what status then reads', async () => {
    const made = await init('--server-host', '127.0.0.1', '--server-port', '9001');
    expect(made).toMatchObject({ code: 0 });
    expect(made.text).toContain(inBench('config.yaml'));
    const { code, text } = await run('status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      client_name: 'Anna',
      config: inBench('config.yaml'),
      sync_directory: inBench('files'),
      server: '127.0.0.1:9001',
    });
  });

  it('says which options are missing where nobody can be asked', async () => {
    expect((await run('init')).text).toContain('--name and --sync-dir');
    expect((await run('init', '--name', 'Anna')).text).toContain('say --sync-dir,');
  });

  it('overwrites only when told to', async () => {
    put('config.yaml', 'mine');
    expect(await init()).toMatchObject({ code: 1 });
    expect(readFileSync(inBench('config.yaml'), 'utf8')).toBe('mine');
    expect(await init('--force')).toMatchObject({ code: 0 });
    expect(await run('conflicts')).toEqual({ code: 0, text: 'There are no conflicts.\n' });
  });

  it('names a place that cannot be written', async () => {
    put('file', '');
    const { code, text } = await init('-c', 'file/config.yaml');
    expect(code).toBe(1);
    expect(text).toMatch(/error: .*file\/config\.yaml cannot be written: /);
  });
});

describe('without a client running', () => {
  const COPY = 'report (conflict, Ben, 2026-11-22 17-54-14).txt';

  beforeEach(async () => {
    await init();
    mkdirSync(inBench('files/sub'), { recursive: true });
    put('files/report.txt', 'mine');
    put(`files/sub/${COPY}`, "Ben's");
    put('files/sub/report.txt', 'mine too');
    put('files/.syncignore', 'ignored\n');
    put('files/ignored', '');
  });

  it('status says so, and counts what is there', async () => {
    const { text } = await run('status', '--json');
    expect(JSON.parse(text)).toEqual({
      client_name: 'Anna',
      config: inBench('config.yaml'),
      sync_directory: inBench('files'),
      server: 'localhost:8000',
      ignore_patterns: ['.git', '__pycache__', '*.tmp', '*.log'],
      state_directory: expect.stringContaining(inBench('state')),
      files: 4,
      directories: 1,
      bytes: 25,
      running: false,
      pid: null,
      connection: 'not_running',
      reason: null,
      in_sync: null,
      lag_seconds: null,
      applied_cursor: null,
      lag_changes: null,
      pending: 0,
      problems: [],
      held: [],
      conflicts: [
        {
          path: `sub/${COPY}`,
          original: 'sub/report.txt',
          client: 'Ben',
          modified: '2026-11-22T17:54:14.000Z',
        },
      ],
      last_seen: null,
    });
    expect((await run('status')).text).toMatch(/no client is running[^\n]*\n(.*\n)*conflicts +1\n/);
  });

  it('conflicts lists each with its original, client and time', async () => {
    const { code, text } = await run('conflicts');
    expect(code).toBe(0);
    expect(text).toContain('resolve PATH --keep');
    expect(text).toMatch(/sub\/report\.txt +Ben +2026-11-22 17:54:14 +sub\/report \(conflict/);
    expect(JSON.parse((await run('conflicts', '--json')).text)).toHaveLength(1);
  });

  it('resolve refuses what is no conflict, and a directory that was never synchronized', async () => {
    const none = await run('resolve', 'report.txt', '--keep', 'local');
    expect(none).toMatchObject({ code: 1 });
    expect(none.text).toContain('There is no conflict at report.txt');
    const unbound = await run('resolve', 'sub/report.txt', '--keep', 'remote');
    expect(unbound).toMatchObject({ code: 1 });
    expect(readFileSync(inBench('files/sub/report.txt'), 'utf8')).toBe('mine too');
  });

  it.each([
    ['from the directory', 'sub/report.txt'],
    ['from where we are', 'files/sub/report.txt'],
    ['by the name of the copy', `sub/${COPY}`],
  ])('resolve takes a path %s', async (_, path) => {
    mkdirSync(inBench('files/.syncer'));
    const { code, text } = await run('resolve', path, '--keep', 'remote', '--json');
    expect(JSON.parse(text)).toEqual({
      original: 'sub/report.txt',
      keep: 'remote',
      replaced_by: `sub/${COPY}`,
      trashed: ['sub/report.txt'],
      renamed: [],
    });
    expect(code).toBe(0);
    expect(readFileSync(inBench('files/sub/report.txt'), 'utf8')).toBe("Ben's");
    expect((await run('conflicts', '--json')).text).toBe('[]\n');
  });
});

describe('held, approve and undo', () => {
  it('have nothing to do where nothing is held, and say so', async () => {
    await init();
    expect(await run('held')).toEqual({ code: 0, text: 'Nothing is held.\n' });
    expect(await run('held', '--json')).toEqual({ code: 0, text: '[]\n' });
    expect(await run('approve')).toEqual({ code: 0, text: 'Nothing is held.\n' });
    const { code, text } = await run('undo', '3f2a90c11b07');
    expect(code).toBe(1);
    expect(text).toContain('syncer-client held lists it');
  });
});
