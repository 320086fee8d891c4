import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFiles } from '../../bench/make-files.ts';
import { bytesOf } from '../memory-app.ts';
import { Bench, type ClientHome, type RunningServer, until } from './processes.ts';
import { countIn, differences, textsIn, treeOf } from './tree.ts';

let bench: Bench;
let server: RunningServer;
let anna: ClientHome;
let ben: ClientHome;
beforeEach(async () => {
  bench = await Bench.open();
  server = await bench.server();
  [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
});
afterEach(() => bench.close());

async function becomeEqual(seconds = 60): Promise<void> {
  const unequal = (): string[] => differences(anna.directory, ben.directory);
  await until(() => unequal().length === 0, { seconds, what: () => unequal().join('\n') });
}

const there = (home: ClientHome, path: string): string => join(home.directory, path);
const write = (home: ClientHome, path: string, content = `content of ${path}`): void =>
  writeFileSync(there(home, path), content);
const arrives = (home: ClientHome, path: string, seconds = 30): Promise<void> =>
  until(() => existsSync(there(home, path)), { seconds, what: () => `${path} at ${home.name}` });

const hashOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

async function statsOf(): Promise<{ readonly cursor: number; readonly chunks: number }> {
  const response = await fetch(`${server.url}/v1/stats`);
  return (await response.json()) as { cursor: number; chunks: number };
}

interface Told {
  readonly connection: string;
  readonly reason: string | null;
  readonly problems: readonly { readonly path: string; readonly code: string }[];
}

async function statusOf({ config }: ClientHome): Promise<Told> {
  const program = bench.run('syncer-client', 'status', '--json', '-c', config);
  expect(await program.ended()).toBe(0);
  return JSON.parse(program.output);
}

/** Bytes that a client has of what is on its way to it. */
function stagedBytes({ directory }: ClientHome): number {
  const staging = join(directory, '.syncer', 'staging');
  if (!existsSync(staging)) return 0;
  const sizes = readdirSync(staging).map((name) => statSync(join(staging, name)).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('work while a client is not running', () => {
  it('on both sides: edits, moves, conflicts and deletions', async () => {
    for (const dir of ['d/deep', 'e']) mkdirSync(there(anna, dir), { recursive: true });
    for (const name of ['both', 'edited', 'deleted', 'd/deep/f', 'e/g']) write(anna, name);
    const [first, second] = [anna.start(), ben.start()];
    await arrives(ben, 'e/g');
    await becomeEqual();
    expect([await first.stop(), await second.stop()]).toEqual([0, 0]);

    write(anna, 'both', 'both by anna');
    rmSync(there(anna, 'deleted'));
    renameSync(there(anna, 'd'), there(anna, 'moved'));
    rmSync(there(anna, 'e'), { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    write(ben, 'both', 'both by ben');
    write(ben, 'edited', 'edited by ben');
    write(ben, 'd/deep/f', 'edited where anna moved it');
    write(ben, 'e/g', 'edited where anna deleted it');
    mkdirSync(there(ben, 'new'));
    anna.start();
    ben.start();
    await arrives(anna, 'new');
    await becomeEqual();
    const texts = textsIn(there(anna, ''));
    for (const text of ['both by anna', 'both by ben', 'edited where anna deleted it'])
      expect(texts).toContain(text);
    expect(readFileSync(there(anna, 'both'), 'utf8')).toBe('both by ben');
    expect(readFileSync(there(anna, 'moved/deep/f'), 'utf8')).toBe('edited where anna moved it');
    expect(existsSync(there(ben, 'deleted'))).toBe(false);
    expect(existsSync(there(ben, 'd'))).toBe(false);
    const copies = readdirSync(anna.directory).filter((name) => name.includes('conflict'));
    expect(copies).toHaveLength(1);
  }, 120_000);
});

describe('a large file', () => {
  it('[D01] [D04] arrives whole though the server is killed while it comes, and while it goes', async () => {
    const bytes = bytesOf(60 * 1024 * 1024, 11);
    writeFileSync(there(anna, 'large'), bytes);
    write(anna, 'small');
    anna.start();
    await until(async () => (await statsOf()).chunks > 100, { seconds: 60 });
    await server.program.kill();
    server = await bench.server([], server.port);
    await until(async () => (await statsOf()).cursor >= 2, { seconds: 90 });

    ben.start();
    await until(() => stagedBytes(ben) > 8 * 1024 * 1024 || existsSync(there(ben, 'large')), {
      seconds: 60,
    });
    await server.program.kill();
    expect(
      existsSync(there(ben, 'large')) && statSync(there(ben, 'large')).size !== bytes.length,
    ).toBe(false);
    server = await bench.server([], server.port);
    await arrives(ben, 'large', 90);
    await becomeEqual();
    expect(hashOf(there(ben, 'large'))).toBe(createHash('sha256').update(bytes).digest('hex'));

    appendFileSync(there(ben, 'large'), 'one more line');
    await becomeEqual(90);
    expect(stagedBytes(ben)).toBe(0);
  }, 300_000);
});

describe('starting and stopping', () => {
  it('a server that comes later is found', async () => {
    await server.program.stop();
    write(anna, 'waiting');
    const program = anna.start();
    await program.says(/offline/);
    server = await bench.server([], server.port);
    ben.start();
    await arrives(ben, 'waiting', 60);
    await becomeEqual();
  }, 120_000);

  it('SIGTERM during the first synchronization ends it in good order; the next start completes it', async () => {
    makeFiles(join(anna.directory, 'many'), { files: 4000, seed: 3 });
    const first = anna.start();
    await until(async () => (await statsOf()).cursor > 500, { seconds: 60 });
    expect(await first.stop()).toBe(0);
    anna.start();
    ben.start();
    const total = countIn(anna.directory);
    await until(() => countIn(ben.directory) === total, { seconds: 120 });
    await becomeEqual();
    expect((await statsOf()).cursor).toBe(total);
  }, 240_000);

  it('SIGKILL at any time loses nothing, here or there', async () => {
    makeFiles(join(anna.directory, 'many'), { files: 1500, seed: 4 });
    anna.start();
    for (const wanted of [1, 100, 400, 800]) {
      const program = ben.start();
      await until(() => countIn(ben.directory) >= wanted, { seconds: 60 });
      await program.kill();
    }
    ben.start();
    const total = countIn(anna.directory);
    await until(() => countIn(ben.directory) === total, { seconds: 90 });
    await becomeEqual();
    expect((await statsOf()).cursor).toBe(total);
    expect([...treeOf(anna.directory).keys()].filter((path) => path.includes('conflict'))).toEqual(
      [],
    );
  }, 240_000);

  it('[D22] two clients in one directory are refused, with one state or with two', async () => {
    write(anna, 'f');
    const first = anna.start();
    await first.says(/in sync/i);
    const second = anna.start();
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain('Another syncer-client is at work on this directory');

    bench.env = { SYNCER_STATE_HOME: join(bench.directory, 'another state') };
    const third = anna.start();
    await third.says(/in sync/i);
    // It knew nothing, so it took the directory over; the first one does nothing any more.
    write(anna, 'g');
    await first.says(/belongs to another client state/);
    bench.env = {};
    await until(async () => (await statusOf(anna)).connection === 'halted');
    ben.start();
    await arrives(ben, 'g');
    expect([await first.stop(), await third.stop()]).toEqual([0, 0]);
  }, 60_000);
});

describe('[D22] the lock of a client that was killed', () => {
  it('is free at once, and refuses a second one again', async () => {
    write(anna, 'f');
    const first = anna.start();
    await first.says(/in sync/i);
    await first.kill();
    const second = anna.start();
    await second.says(/in sync/i);
    const third = anna.start();
    expect(await third.ended()).toBe(1);
    expect(third.output).toContain('Another syncer-client is at work on this directory');
    expect(await second.stop()).toBe(0);
  }, 60_000);

  it('also that of a server: its directory is taken over, and what it held is there', async () => {
    write(anna, 'f');
    anna.start();
    await until(async () => (await statsOf()).cursor === 1);
    const second = bench.run('syncer-server', '--port', '0', '--sync-directory', './server');
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain('another server uses it');
    await server.program.kill();
    server = await bench.server([], server.port);
    expect((await statsOf()).cursor).toBe(1);
    ben.start();
    await arrives(ben, 'f');
  }, 60_000);
});

describe('the directory', () => {
  it('[B01] that goes away deletes nothing; it goes on when it comes back, also as a copy', async () => {
    for (const name of ['f', 'g']) write(anna, name);
    anna.start();
    ben.start();
    await arrives(ben, 'g');
    const away = join(bench.directory, 'away');
    renameSync(anna.directory, away);
    await until(async () => (await statusOf(anna)).connection === 'halted');
    mkdirSync(anna.directory);
    write(ben, 'meanwhile');
    await until(async () => (await statusOf(anna)).reason?.includes('without its marker') === true);
    expect(readdirSync(anna.directory)).toEqual([]);
    expect(existsSync(there(ben, 'f'))).toBe(true);

    rmSync(anna.directory, { recursive: true });
    cpSync(away, anna.directory, { recursive: true, preserveTimestamps: true });
    await arrives(anna, 'meanwhile');
    write(anna, 'after');
    await arrives(ben, 'after');
    await becomeEqual();
  }, 120_000);

  it('[B11] one in it that cannot be read is left alone, and the rest goes on', async () => {
    mkdirSync(there(anna, 'closed'));
    for (const name of ['closed/f', 'open']) write(anna, name);
    // Whoever may do everything is stopped by no permission: then somebody else runs the clients.
    if (process.getuid?.() === 0) {
      bench.user = { uid: 65_534, gid: 65_534 };
      for (const path of ['.', ...readdirSync(bench.directory, { recursive: true })])
        chownSync(join(bench.directory, String(path)), bench.user.uid, bench.user.gid);
    }
    const program = anna.start();
    ben.start();
    await program.says(/in sync/i);
    await arrives(ben, 'closed/f');
    await arrives(ben, 'open');

    chmodSync(there(anna, 'closed'), 0o000);
    write(anna, 'later');
    await arrives(ben, 'later');
    expect(await program.stop()).toBe(0);
    anna.start();
    await until(async () => (await statusOf(anna)).problems.length > 0);
    expect((await statusOf(anna)).problems).toMatchObject([{ path: 'closed', code: 'denied' }]);
    rmSync(there(ben, 'open'));
    await until(() => !existsSync(there(anna, 'open')));
    expect(existsSync(there(ben, 'closed/f'))).toBe(true);

    chmodSync(there(anna, 'closed'), 0o755);
    write(ben, 'closed/f', 'edited');
    await until(() => readFileSync(there(anna, 'closed/f'), 'utf8') === 'edited', { seconds: 60 });
    await until(async () => (await statusOf(anna)).problems.length === 0);
  }, 120_000);
});
