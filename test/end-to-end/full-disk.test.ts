import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '../memory-app.ts';
import { asRole, isSound, setPlan } from './kill/world.ts';
import { Bench, type ClientHome, type RunningServer, until } from './processes.ts';
import { SmallDisk } from './small-disk.ts';
import { differences } from './tree.ts';

const MIB = 1024 * 1024;

let bench: Bench;
let disk: SmallDisk | undefined;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(async () => {
  disk?.unmount();
  disk = undefined;
  await bench.close();
});

const there = ({ directory }: ClientHome, path: string): string => join(directory, path);
/** In one step: nobody ever sees a part of it. */
function save(home: ClientHome, path: string, bytes: string | Uint8Array): void {
  const aside = join(bench.directory, 'aside');
  writeFileSync(aside, bytes);
  renameSync(aside, there(home, path));
}

const holds = (home: ClientHome, path: string, bytes: Uint8Array): boolean =>
  existsSync(there(home, path)) && readFileSync(there(home, path)).equals(bytes);

async function becomeEqual(anna: ClientHome, ben: ClientHome): Promise<void> {
  const unequal = (): string[] => differences(anna.directory, ben.directory);
  await until(() => unequal().length === 0, { seconds: 90, what: () => unequal().join('\n') });
}

async function cursorOf({ url }: RunningServer): Promise<number> {
  const response = await fetch(`${url}/v1/stats`);
  return ((await response.json()) as { cursor: number }).cursor;
}

async function problemsOf({ config }: ClientHome): Promise<string[]> {
  const program = bench.run('syncer-client', 'status', '--json', '-c', config);
  expect(await program.ended()).toBe(0);
  const { problems } = JSON.parse(program.output);
  return problems
    .map(({ path, code }: { path: string; code: string }) => `${path}: ${code}`)
    .sort();
}

async function tells(home: ClientHome, wanted: readonly string[]): Promise<void> {
  let told: string[] = [];
  const isSo = async (): Promise<boolean> => {
    told = await problemsOf(home);
    return told.join() === wanted.join();
  };
  await until(isSo, { seconds: 60, what: () => `${told.join()} to be ${wanted.join()}` });
}

describe('[D07] a client whose disk is full', () => {
  it('keeps what it has, whole, and takes what fits; nothing short goes back; with space, all comes', async () => {
    const server = await bench.server();
    const [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
    disk = new SmallDisk(ben.directory, 6);
    const before = bytesOf(MIB, 1);
    save(anna, 'grows', before);
    anna.start();
    asRole(bench, 'ben', () => ben.start());
    await until(() => holds(ben, 'grows', before));

    const [large, grown] = [bytesOf(9 * MIB, 2), bytesOf(7 * MIB, 3)];
    save(anna, 'large', large);
    save(anna, 'grows', grown);
    save(anna, 'small', 'small');
    await tells(ben, ['grows: full', 'large: full']);
    await until(() => existsSync(there(ben, 'small')));
    expect(holds(ben, 'grows', before)).toBe(true);
    expect(existsSync(there(ben, 'large'))).toBe(false);
    const cursor = await cursorOf(server);
    writeFileSync(there(ben, 'by ben'), 'work goes on');
    await until(() => existsSync(there(anna, 'by ben')));
    expect(await cursorOf(server)).toBe(cursor + 1);
    expect([holds(anna, 'grows', grown), holds(anna, 'large', large)]).toEqual([true, true]);

    disk.resize(64);
    // A minute later, by its clock, what did not fit is tried again.
    setPlan(bench, 'ben', { round: '', clock: 60_000 });
    save(anna, 'small', 'small, edited');
    await becomeEqual(anna, ben);
    expect(holds(anna, 'large', large)).toBe(true);
    await tells(ben, []);
  }, 240_000);
});

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
}

async function upload({ url }: RunningServer, path: string, bytes: Uint8Array): Promise<Answer> {
  const form = new FormData();
  const fields = {
    relative_path: path,
    checksum: createHash('sha256').update(bytes).digest('hex'),
    client_id: 'plain',
    modified_time: '2026-01-02T03:04:05Z',
    original_size: String(bytes.length),
    compression_type: 'none',
  };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(bytes)]), 'file');
  const response = await fetch(`${url}/upload`, { method: 'POST', body: form });
  const body = (await response.json()) as { error_code?: string };
  return { status: response.status, code: body.error_code };
}

async function download({ url }: RunningServer, path: string): Promise<Uint8Array | undefined> {
  const response = await fetch(`${url}/download/${path}`);
  return response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

async function register({ url }: RunningServer): Promise<void> {
  await fetch(`${url}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: 'plain', name: 'plain', sync_root: '/' }),
  });
}

describe('[D08] a server whose disk is full', () => {
  it('answers 507 for contents, takes nothing by half, goes on reading, and goes on with space', async () => {
    disk = new SmallDisk(join(bench.directory, 'server'), 12);
    const server = await bench.server();
    await register(server);
    const kept = bytesOf(50_000, 1);
    expect(await upload(server, 'kept', kept)).toEqual({ status: 200, code: undefined });
    const cursor = await cursorOf(server);
    disk.fill();
    for (let i = 0; i < 5; i += 1)
      expect(await upload(server, `new ${i}`, bytesOf(300_000, 10 + i))).toEqual({
        status: 507,
        code: 'disk_full',
      });
    expect(await cursorOf(server)).toBe(cursor);
    expect(await download(server, 'new 1')).toBeUndefined();
    expect(await download(server, 'kept')).toEqual(new Uint8Array(kept));
    disk.free();
    expect(await upload(server, 'new 1', bytesOf(300_000, 11))).toMatchObject({ status: 200 });
    expect(await download(server, 'new 1')).toEqual(new Uint8Array(bytesOf(300_000, 11)));
  }, 120_000);

  it('answers 507 also where only the database grows: each commit is there or it is not', async () => {
    disk = new SmallDisk(join(bench.directory, 'server'), 12);
    let server = await bench.server();
    await register(server);
    const bytes = bytesOf(1000, 1);
    expect(await upload(server, 'first', bytes)).toMatchObject({ status: 200 });
    disk.fill();
    const taken = ['first'];
    const refused: string[] = [];
    for (let i = 0; refused.length < 5 && i < 5000; i += 1) {
      const { status } = await upload(server, `copy ${i}`, bytes);
      (status === 200 ? taken : refused).push(`copy ${i}`);
      if (status !== 200) expect(status).toBe(507);
    }
    expect(refused.length).toBe(5);
    const look = async (): Promise<void> => {
      expect(await cursorOf(server)).toBe(taken.length);
      for (const path of [...taken.slice(-20), 'first'])
        expect(await download(server, path)).toEqual(new Uint8Array(bytes));
      for (const path of refused) expect(await download(server, path)).toBeUndefined();
    };
    await look();
    disk.free();
    await server.program.kill();
    server = await bench.server([], server.port);
    await look();
    expect(await upload(server, 'last', bytes)).toMatchObject({ status: 200 });
    await isSound(bench);
  }, 120_000);

  it('[D25] what two clients do meanwhile waits with them, and all of it comes when there is space', async () => {
    disk = new SmallDisk(join(bench.directory, 'server'), 12);
    const server = await bench.server();
    const [anna, ben] = [await bench.client('anna', server), await bench.client('ben', server)];
    save(anna, 'before', 'before');
    anna.start();
    ben.start();
    await until(() => existsSync(there(ben, 'before')));
    disk.fill();
    save(anna, 'large', bytesOf(3 * MIB, 5));
    mkdirSync(there(ben, 'made'));
    renameSync(there(ben, 'before'), there(ben, 'made/before'));
    save(ben, 'made/new', bytesOf(200_000, 6));
    const says = async (home: ClientHome): Promise<boolean> => {
      const program = bench.run('syncer-client', 'status', '-c', home.config);
      await program.ended();
      return /full|space/i.test(program.output);
    };
    await until(() => says(anna), { seconds: 60, every: 500 });
    expect(statSync(there(anna, 'large')).size).toBe(3 * MIB);
    disk.free();
    await until(() => existsSync(there(anna, 'made/new')), { seconds: 60 });
    await becomeEqual(anna, ben);
    expect(holds(ben, 'large', bytesOf(3 * MIB, 5))).toBe(true);
  }, 240_000);
});
