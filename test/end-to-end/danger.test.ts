import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateHome } from '../../src/client/state-home.ts';
import { Bench, type ClientHome, until } from './processes.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const FILES = 30;

const listed = ({ directory }: ClientHome): string[] =>
  readdirSync(directory)
    .filter((name) => name !== '.syncer')
    .sort();

function fill({ directory }: ClientHome, mark: string): void {
  for (let at = 0; at < FILES; at += 1) writeFileSync(join(directory, `f${at}`), `${at}${mark}`);
}

function empty({ directory }: ClientHome): void {
  for (let at = 0; at < FILES; at += 1) rmSync(join(directory, `f${at}`));
}

async function run({ config }: ClientHome, ...args: string[]): Promise<string> {
  const program = bench.run('syncer-client', ...args, '-c', config);
  expect([await program.ended(), program.output]).toEqual([0, expect.anything()]);
  return program.output;
}

const json = async (home: ClientHome, ...args: string[]) =>
  JSON.parse(await run(home, ...args, '--json'));

const isHeld = (home: ClientHome) => async (): Promise<boolean> =>
  (await json(home, 'held')).length > 0;

describe('a mass of deletions', () => {
  it('[B15] [S16] is held, shown and undone while the client runs', async () => {
    const { port } = await bench.server();
    const anna = await bench.client('anna', { port });
    fill(anna, '');
    const program = anna.start();
    await program.says(/in sync: 30 files/);
    empty(anna);
    await program.says(/\? 30 files were deleted here; .* syncer-client held/);
    await until(isHeld(anna));
    expect(await json(anna, 'held')).toMatchObject([
      { direction: 'outgoing', deed: 'delete', files: FILES },
    ]);
    // It may hold something before it listens, which it begins after its first round.
    await until(async () => (await json(anna, 'status')).connection === 'connected');
    expect(await json(anna, 'status')).toMatchObject({ in_sync: false });
    expect(await run(anna, 'status')).toContain('30 files were deleted here');
    const [{ id }] = await json(anna, 'held');
    expect(await run(anna, 'undo', id)).toContain('bring them back here');
    await until(() => listed(anna).length === FILES);
    expect(readFileSync(join(anna.directory, 'f7'), 'utf8')).toBe('7');
    await until(async () => !(await isHeld(anna)()));
    expect(await program.stop()).toBe(0);
  });

  it('[B15] [S16] is approved while no client runs, and done by the next one; others ask for themselves', async () => {
    const { port } = await bench.server();
    const [anna, ben] = [await bench.client('anna', { port }), await bench.client('ben', { port })];
    fill(anna, '');
    let program = anna.start();
    await program.says(/in sync: 30 files/);
    const other = ben.start();
    await until(() => listed(ben).length === FILES);
    empty(anna);
    await program.says(/\? 30 files/);
    await until(isHeld(anna));
    expect(await program.stop()).toBe(0);
    expect(await json(anna, 'held')).toHaveLength(1);
    expect(await run(anna, 'approve')).toContain('the next one that starts takes it up');
    expect(listed(ben)).toHaveLength(FILES);
    program = anna.start();
    await program.says(/goes on as you said/);
    await other.says(/\? 30 files were deleted on the server; here they are still\./);
    await until(isHeld(ben));
    expect(await json(ben, 'approve')).toMatchObject({ verb: 'approve', taken: 'taken' });
    await until(() => listed(ben).length === 0);
    mkdirSync(join(ben.directory, 'afterwards'));
    await until(() => listed(anna).includes('afterwards'));
  });

  it('[B15] [S16] is told to nobody else where the configuration says so', async () => {
    const { port, url } = await bench.server();
    const shown = async () => (await (await fetch(`${url}/v1/held`)).json()).held;
    const [anna, ben] = [
      await bench.client('anna', { port }, 'approve_in_browser: false\n'),
      await bench.client('ben', { port }),
    ];
    fill(anna, '');
    const [annas, bens] = [anna.start(), ben.start()];
    await until(() => listed(ben).length === FILES);
    empty(anna);
    await annas.says(/\? 30 files were deleted here/);
    await until(isHeld(anna));
    expect(await shown()).toEqual([]);
    await run(anna, 'approve');
    await bens.says(/\? 30 files were deleted on the server/);
    await until(async () => (await shown()).length > 0);
    expect(await shown()).toMatchObject([{ client_name: 'ben', direction: 'incoming' }]);
  });

  it('[B15] is nobody’s business where the configuration says so', async () => {
    const { port } = await bench.server();
    const anna = await bench.client('anna', { port }, 'hold_deletions: false\n');
    fill(anna, '');
    const program = anna.start();
    await program.says(/in sync: 30 files/);
    empty(anna);
    await until(async () => (await json(anna, 'status')).pending === 0);
    expect(await json(anna, 'held')).toEqual([]);
  });
});

const put = ({ directory }: ClientHome, name: string, text: string): void =>
  writeFileSync(join(directory, name), text);

const textAt = ({ directory }: ClientHome, name: string): string | undefined =>
  existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8') : undefined;

const stateOf = ({ directory }: ClientHome): string =>
  stateHome(directory, { SYNCER_STATE_HOME: join(bench.directory, 'state') }).folder;

describe('a client that was copied with its state', () => {
  it('[D23] [S20] gets an id of its own, says so, and both go on', async () => {
    const { port } = await bench.server();
    const anna = await bench.client('anna', { port });
    put(anna, 'f', 'v0');
    let program = anna.start();
    await program.says(/in sync: 1 file/);
    expect(await program.stop()).toBe(0);
    const copy = await bench.client('copy', { port });
    cpSync(anna.directory, copy.directory, { recursive: true, preserveTimestamps: true });
    cpSync(stateOf(anna), stateOf(copy), { recursive: true });
    const other = copy.start();
    program = anna.start();
    const says = /A copy of this client is at work under the same id/;
    await Promise.race([program.says(says), other.says(says)]);
    put(anna, 'of anna', 'A');
    put(copy, 'of the copy', 'C');
    await until(() => textAt(copy, 'of anna') === 'A' && textAt(anna, 'of the copy') === 'C');
    put(anna, 'f', 'v1');
    await until(() => textAt(copy, 'f') === 'v1');
    expect([await program.stop(), await other.stop()]).toEqual([0, 0]);
  });
});

describe('a server that went back in time', () => {
  it('[B17] [B18] [S5] in the same epoch, and went on, gets back what it lost', async () => {
    const data = join(bench.directory, 'server');
    const first = await bench.server();
    const { port } = first;
    const [anna, ben] = [await bench.client('anna', { port }), await bench.client('ben', { port })];
    put(anna, 'old', 'O');
    const program = anna.start();
    const other = ben.start();
    await until(() => textAt(ben, 'old') === 'O');
    expect(await other.stop()).toBe(0);
    expect(await first.program.stop()).toBe(0);
    cpSync(data, join(bench.directory, 'backup'), { recursive: true });
    const second = await bench.server([], port);
    put(anna, 'newer', 'N');
    await until(async () => (await json(anna, 'status')).in_sync === true);
    expect(await program.stop()).toBe(0);
    expect(await second.program.stop()).toBe(0);
    rmSync(data, { recursive: true });
    cpSync(join(bench.directory, 'backup'), data, { recursive: true });
    await bench.server([], port);
    for (const name of ['x', 'y', 'z']) put(ben, name, name);
    const again = ben.start();
    await again.says(/in sync: 4 files/);
    const back = anna.start();
    await back.says(/The server has another history than before/);
    await until(() => textAt(ben, 'newer') === 'N' && textAt(anna, 'z') === 'z');
    expect(listed(anna)).toEqual(['newer', 'old', 'x', 'y', 'z']);
    expect(listed(ben)).toEqual(listed(anna));
  });
});

describe('another server under the same directory', () => {
  it('[B19] [S19] halts the client, which names both and the way out', async () => {
    const { port } = await bench.server();
    const anna = await bench.client('anna', { port });
    put(anna, 'f', 'F');
    let program = anna.start();
    await program.says(/in sync: 1 file/);
    expect(await program.stop()).toBe(0);
    const data = join(bench.directory, 'other');
    const elsewhere = bench.run('syncer-server', '--port', '0', '--sync-directory', data);
    const [, found] = await elsewhere.says(/listening on http:\/\/[^:\s]+:(\d+)/);
    const config = readFileSync(anna.config, 'utf8');
    writeFileSync(anna.config, config.replace(String(port), String(found)));
    program = anna.start();
    await program.says(
      /halted: .*localhost:\d+; the server at localhost:\d+ is another one.*--reset/,
    );
    expect(await json(anna, 'status')).toMatchObject({ connection: 'halted', in_sync: false });
    expect(await program.stop()).toBe(0);
    program = bench.run('syncer-client', 'start', '--reset', '-c', anna.config);
    await program.says(/in sync: 1 file/);
  });
});
