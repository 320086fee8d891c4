import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { openSqliteMetadata } from '../../src/server/metadata/sqlite/store.ts';
import { hashOf } from '../memory-app.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';

const HOUR = 60 * 60 * 1_000;

let server: MemoryServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function serve(settings: Readonly<Record<string, unknown>> = {}): Promise<MemoryServer> {
  server = await memoryServer(settings);
  return server;
}

type Line = Readonly<Record<string, unknown>>;

/** The list that an answer holds. */
async function list({ inside }: MemoryServer, path: string): Promise<Line[]> {
  const body = (await (await fetch(`${inside.url}${path}`)).json()) as Record<string, Line[]>;
  const [lines] = Object.values(body);
  return lines ?? [];
}

describe('[contract 6] the database', () => {
  it('finds history by path, client, time and cursor by an index, never by walking through it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'syncer-'));
    try {
      const path = join(directory, 'metadata.sqlite');
      const store = await openSqliteMetadata({ path });
      await store.openFolder('default', 'epoch');
      await store.close();
      const database = new SQLite(path, { readonly: true });
      for (const [what, index] of [
        ["path = 'a'", 'changes_by_path'],
        ["old_path = 'a'", 'changes_by_old_path'],
        ["client_id = 'anna'", 'changes_by_client'],
        ["node = 'n'", 'changes_by_node'],
        ['time > 5', 'changes_by_time'],
      ]) {
        // One step: a search in the index, which is in the order that is asked for.
        const order = index === 'changes_by_time' ? 'time' : 'cursor';
        const sql = `EXPLAIN QUERY PLAN SELECT cursor FROM changes INDEXED BY ${index}
          WHERE folder = 1 AND ${what} ORDER BY ${order} DESC LIMIT 100`;
        const plan = database.prepare<unknown[], { detail: string }>(sql).all();
        expect(plan.map(({ detail }) => detail)).toEqual([
          expect.stringMatching(new RegExp(`^SEARCH changes USING (?:COVERING )?INDEX ${index} `)),
        ]);
      }
      database.close();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('keeps of every operation path, operation, client, time, checksum and size', async () => {
    const world = await serve();
    const anna = await world.connect('anna');
    await world.upload('anna', 'a.txt', 'one');
    await world.upload('anna', 'a.txt', 'three');
    anna.send('file_changed', { operation: 'move', file_path: 'b.txt', old_path: 'a.txt' });
    anna.send('file_changed', { operation: 'delete', file_path: 'b.txt' });
    await anna.typesSoFar();
    const history = await list(world, '/v1/history');
    const time = new Date(world.inside.clock.now()).toISOString();
    const by = { client_id: 'anna', client_name: 'Anna', time };
    const three = { checksum: hashOf('three'), size: 5 };
    expect(history).toMatchObject([
      { operation: 'delete', path: 'b.txt', ...by, ...three },
      { operation: 'move', path: 'b.txt', old_path: 'a.txt', ...by, ...three },
      { operation: 'update', path: 'a.txt', ...by, ...three },
      { operation: 'create', path: 'a.txt', ...by, checksum: hashOf('one'), size: 3 },
    ]);
    // Per file: by either of the names that it had.
    for (const path of ['a.txt', 'b.txt'])
      expect(await list(world, `/v1/history?path=${path}`)).toEqual(history);
    expect(await list(world, '/v1/history?path=c.txt')).toEqual([]);
  });

  it('cleans up what is older than history_retention_days, and keeps what is there', async () => {
    const world = await serve({ history_retention: null, history_retention_days: 1 });
    await world.register('anna');
    for (const text of ['one', 'two', 'three']) await world.upload('anna', 'a.txt', text);
    const sizes = async (): Promise<unknown[]> =>
      (await list(world, '/v1/history')).map(({ size }) => size);
    await world.inside.clock.advance(23 * HOUR);
    expect(await sizes()).toEqual([5, 3, 3]);
    await world.inside.clock.advance(3 * HOUR);
    await expect.poll(sizes).toEqual([5]);
    const download = await fetch(`${world.inside.url}/download/a.txt`);
    expect(await download.text()).toBe('three');
  });

  it('keeps few versions of what is saved all the time, and always the last', async () => {
    const world = await serve();
    await world.register('anna');
    const save = async (minutes: number): Promise<void> => {
      for (const text of ['draft', 'better', 'good']) await world.upload('anna', 'a.txt', text);
      await world.inside.clock.advance(minutes * 60_000);
    };
    for (const minutes of [1, 58, 60 * 24]) await save(minutes);
    const sizes = async (): Promise<unknown[]> =>
      (await list(world, '/v1/history')).map(({ size }) => size);
    await expect.poll(sizes).toEqual([4, 4, 4, 5]);
    await world.inside.clock.advance(8 * 24 * HOUR);
    await expect.poll(sizes).toEqual([4, 5]);
    const download = await fetch(`${world.inside.url}/download/a.txt`);
    expect(await download.text()).toBe('good');
  });

  it('lists files that several clients changed within the last hour', async () => {
    const world = await serve();
    for (const id of ['anna', 'ben']) await world.register(id);
    for (const id of ['anna', 'ben']) await world.upload(id, 'both.txt', id);
    await world.upload('anna', 'one.txt', 'x');
    const paths = async () => (await list(world, '/v1/contested')).map(({ path }) => path);
    expect(await paths()).toEqual(['both.txt']);
    await world.inside.clock.advance(59 * 60_000);
    expect(await paths()).toEqual(['both.txt']);
    await world.inside.clock.advance(2 * 60_000);
    expect(await paths()).toEqual([]);
  });
});

describe('[contract 6] audit', () => {
  it('knows every connection, request and operation with its client; the nameless by address', async () => {
    const world = await serve();
    const { url, clock } = world.inside;
    await world.register('anna');
    const never = await world.open('anna');
    never.socket.close(1000);
    await never.closed;
    const anna = await world.connect('anna');
    await world.upload('anna', 'a.txt', 'one');
    await world.post('/sync', { client_id: 'anna', files: [], sync_root: '/' });
    await fetch(`${url}/download/a.txt`);
    await fetch(`${url}/download/a.txt`, { headers: { 'x-client-id': 'anna' } });
    await fetch(`${url}/files/a.txt?client_id=anna`, { method: 'DELETE' });
    anna.send('client_disconnect');
    await anna.closed;
    await world.open('anna/b').catch(() => {});
    await world.open('a%2Fb').catch(() => {});
    const stranger = await world.open('stranger');
    stranger.introduce();
    await stranger.closed;
    const told = async (): Promise<string[]> => {
      await clock.advance(1_000);
      const audit = await list(world, '/v1/audit');
      return audit.map(({ client_id, action, detail }) => `${client_id} ${action} ${detail}`);
    };
    const wanted = [
      'anna request POST /register 200',
      'anna disconnect 1000, from 127.0.0.1, never let in',
      'anna connect from 127.0.0.1',
      'anna request POST /upload 200',
      'anna commit upload, cursors 1 to 1',
      'anna request POST /sync 200',
      'null request GET /download/{path} 200, from 127.0.0.1',
      'anna request GET /download/{path} 200',
      'anna request DELETE /files/{path} 200',
      'anna commit delete, cursors 2 to 2',
      'anna disconnect 1000',
      'null refused not_found, from 127.0.0.1',
      'null refused bad_request, from 127.0.0.1',
      'stranger refused not_registered, from 127.0.0.1',
    ];
    await expect
      .poll(async () => {
        const lines = await told();
        return wanted.filter((line) => !lines.includes(line));
      })
      .toEqual([]);
    const audit = await list(world, '/v1/audit?client_id=stranger');
    expect(audit.map(({ client_id }) => client_id)).toEqual(['stranger', 'stranger']);
  });
});

describe('[contract 6] limits', () => {
  it('an open server says so in a warning, unless only this machine reaches it', async () => {
    const warnings = async (settings: Line): Promise<string[]> => {
      const world = await serve(settings);
      const { lines } = world.inside;
      await world.stop();
      return lines
        .map((line) => JSON.parse(line))
        .flatMap(({ level, msg }) => (level === 'warn' ? [msg] : []));
    };
    expect(await warnings({ host: '0.0.0.0' })).toEqual([expect.stringContaining('api_keys')]);
    expect(await warnings({ host: '::' })).toEqual([expect.stringContaining('api_keys')]);
    expect(await warnings({ host: '0.0.0.0', api_keys: ['long-enough'] })).toEqual([]);
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3'])
      expect(await warnings({ host })).toEqual([]);
  });
});
