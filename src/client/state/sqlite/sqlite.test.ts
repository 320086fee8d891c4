import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../../core/entry.ts';
import type { ClientState } from '../../ports.ts';
import { clientStateContract } from '../contract.ts';
import { StateDamaged, StateLocked, StateTooNew } from '../failures.ts';
import { openSqliteState, readSqliteState, setAsideSqliteState } from './open.ts';

let serial = 0;
const newId = (): string => `id${serial++}`;
const temporary = (): string => mkdtempSync(join(tmpdir(), 'syncer-'));

clientStateContract('sqlite', () => {
  const directory = temporary();
  let state: ClientState | undefined;
  return {
    open: () => {
      state = openSqliteState({ path: join(directory, 'in', 'state.db'), newId });
      return state;
    },
    remove: () => {
      state?.close();
      rmSync(directory, { recursive: true });
    },
  };
});

describe('client state in sqlite', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = temporary();
    path = join(directory, 'state.db');
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const open = (): ClientState => openSqliteState({ path, newId });
  const fill = (state: ClientState, size: number): void =>
    state.record(
      Array.from({ length: size }, (_, at) => ({
        ...{
          type: 'local',
          node: `n${at}`,
          entry: { kind: 'directory', parent: ROOT, name: `${at}` },
        },
      })),
    );

  it('[D22] refuses a second client while the first lives', () => {
    const first = open();
    expect(open).toThrow(StateLocked);
    first.record([{ type: 'standing', standing: { cursor: 1 } }]);
    first.close();
    const second = open();
    expect(second.standing.cursor).toBe(1);
    second.close();
  });

  it.each([
    ['cannot be opened', (lock: string): void => mkdirSync(lock)],
    ['says nonsense', (lock: string): void => writeFileSync(lock, 'x'.repeat(9000))],
  ])('[B23] a lock that %s is no free one: it is refused, and nothing is made', (_, spoil) => {
    spoil(`${path}.lock`);
    expect(open).toThrow(/unable to open|not a database/);
    expect(readdirSync(directory)).toEqual(['state.db.lock']);
  });

  it('[D22] is free, whole and in order after its client was killed', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITE_FOR_EVER, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(open).toThrow(StateLocked);
    const reader = readSqliteState({ path });
    expect(reader?.standing.cursor).toBeGreaterThan(0);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    expect(reader?.standing.cursor).toBeGreaterThan(0);
    reader?.close();
    const late = readSqliteState({ path });
    expect(late?.standing.cursor).toBeGreaterThan(0);
    late?.close();
    const state = open();
    const { cursor } = state.standing;
    expect(state.local.get('n')).toEqual({ kind: 'directory', parent: ROOT, name: `${cursor}` });
    state.close();
  });

  it('is read beside a client that writes, and without one', () => {
    expect(readSqliteState({ path })).toBeUndefined();
    const state = open();
    const reader = readSqliteState({ path });
    fill(state, 10);
    expect(reader?.counts().directories).toBe(10);
    expect(reader?.standing).toEqual(state.standing);
    fill(state, 20);
    expect(reader?.counts().directories).toBe(20);
    state.close();
    reader?.close();
    const alone = readSqliteState({ path });
    expect(alone?.counts().directories).toBe(20);
    alone?.close();
  });

  it('[D21] leaves nothing half made and nothing beside it but the lock', () => {
    writeFileSync(`${path}.new`, 'a state that was being made');
    writeFileSync(`${path}-wal`, 'the log of a state that is lost');
    open().close();
    expect(readdirSync(directory).sort()).toEqual(['state.db', 'state.db.lock']);
  });

  it.each([
    ['of no length', (): void => truncateSync(path, 0)],
    ['cut short', (): void => truncateSync(path, 4096 * 5)],
    ['of something else', (): void => writeFileSync(path, 'x'.repeat(8192))],
    ['with a broken page', (): void => void scribble(path)],
    ['of a database that is not ours', (): void => foreign(path)],
  ])('[D10] says that a file %s is damaged, and can be set aside', (_, damage) => {
    const state = open();
    fill(state, 1000);
    const { instance } = state.standing;
    state.close();
    damage();
    expect(open).toThrow(StateDamaged);
    setAsideSqliteState({ path, to: `${path}.damaged` });
    expect(statSync(`${path}.damaged`).isFile()).toBe(true);
    const again = open();
    expect(again.standing.instance).not.toBe(instance);
    expect(again.changed()).toEqual([]);
    again.close();
  });

  it('[D21] refuses the file of a newer version, and leaves it as it is', () => {
    open().close();
    const database = new Database(path);
    database.pragma('user_version = 99');
    database.close();
    expect(open).toThrow(StateTooNew);
    expect(() => readSqliteState({ path })).toThrow(StateTooNew);
  });

  it('[D06] shows nothing of a record that failed in the middle, and nothing old of one that did not', () => {
    const state = open();
    fill(state, 2);
    expect(state.local.get('n0')).toMatchObject({ name: '0' });
    const beside = new Database(path);
    beside.exec(
      "CREATE TRIGGER full BEFORE INSERT ON manifest BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    beside.close();
    const entry = { kind: 'directory', parent: ROOT, name: 'other' } as const;
    const manifest = { checksum: 'c', size: 0, chunks: [] };
    const notes = [
      { type: 'local', node: 'n0', entry },
      { type: 'local', node: 'new', entry },
    ] as const;
    expect(() => state.record([...notes, { type: 'manifest', manifest }])).toThrow('full');
    expect(state.local.get('n0')).toMatchObject({ name: '0' });
    expect(state.local.get('new')).toBeUndefined();
    state.record(notes);
    expect(state.local.get('n0')).toMatchObject({ name: 'other' });
    state.close();
  });

  it('cannot be set aside while a client lives', () => {
    const state = open();
    expect(() => setAsideSqliteState({ path, to: `${path}.damaged` })).toThrow(StateLocked);
    state.close();
  });

  it('stores the sides only where they differ from synced', () => {
    const state = open();
    const entry = { kind: 'directory', parent: ROOT, name: 'd' } as const;
    const agreed = { ...entry, placeVersion: 1, contentVersion: 1, author: 'me' };
    fill(state, 3);
    state.record([
      { type: 'local', node: 'd', entry },
      { type: 'remote', node: 'd', entry: agreed },
      { type: 'synced', node: 'd', entry: agreed },
      { type: 'synced', node: 'n0', entry: { ...agreed, name: '0' } },
    ]);
    state.close();
    const database = new Database(path, { readonly: true });
    const rows = (table: string): unknown =>
      database.prepare(`SELECT id, kind FROM ${table}`).raw().all();
    expect(rows('synced')).toEqual([
      ['d', 'directory'],
      ['n0', 'directory'],
    ]);
    expect(rows('local')).toEqual([
      ['n1', 'directory'],
      ['n2', 'directory'],
    ]);
    expect(rows('remote')).toEqual([['n0', null]]);
    database.close();
  });
});

/** Records a name and the cursor of the same number, again and again. */
const WRITE_FOR_EVER = `
  import { openSqliteState } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)};
  const state = openSqliteState({ path: process.argv.at(-1), newId: () => String(Math.random()) });
  const forever = (cursor) => {
    const entry = { kind: 'directory', parent: 'root', name: String(cursor) };
    state.record([{ type: 'local', node: 'n', entry }, { type: 'standing', standing: { cursor } }]);
    if (cursor === 100) process.stdout.write('ready');
    setImmediate(forever, cursor + 1);
  };
  forever(1);
`;

function scribble(path: string): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096 * 6, 0xa5), 0, 4096 * 6, 4096 * 3);
}

function foreign(path: string): void {
  rmSync(path);
  const database = new Database(path);
  database.exec('CREATE TABLE mine (a)');
  database.close();
}
