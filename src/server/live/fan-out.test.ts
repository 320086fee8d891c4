import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { bytesOf, hashOf, type MemoryApp, memoryApp } from '../../../test/memory-app.ts';
import { PlainClient } from '../../../test/memory-server.ts';
import type { Committed } from '../commit.ts';
import { memoryNotifier } from '../notifier/memory.ts';
import type { HistoryRecord } from '../ports.ts';
import { type Connections, createConnections } from './connections.ts';

let world: MemoryApp;
let connections: Connections;
let base = '';
const clients: PlainClient[] = [];
const http = () => createServer();
let server = http();

beforeEach(async () => {
  world = await memoryApp();
  const { parts } = world;
  const limits = { heartbeat: 1_000_000, messagesPerSecond: 1_000, connections: 100 };
  connections = createConnections({
    ...parts,
    ports: parts,
    notifier: memoryNotifier(),
    limits,
    cursor: 0,
  });
  server = http();
  connections.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  base = `ws://127.0.0.1:${address.port}`;
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await connections.stop();
  await new Promise((resolve) => server.close(resolve));
});

async function listener(id: string, more = {}): Promise<PlainClient> {
  const record = { clientId: id, name: id, syncRoot: '/', lastSeen: 0, cursor: 0 };
  await world.metadata.putClient(world.folder, record);
  const client = new PlainClient(id, new WebSocket(`${base}/ws/${id}`));
  clients.push(client);
  await client.opened;
  client.introduce(more);
  await client.next('client_connect');
  return client;
}

const ENGINE = { protocol_version: 1 };

interface Making {
  readonly from: number;
  readonly count: number;
  /** Bytes of its one chunk. */
  readonly size?: number;
  readonly name?: string;
}

/** A commit of new files. `reads`: how often its entries were turned into something. */
function commitOf({ from, count, size = 10, name = 'file' }: Making) {
  const bytes = bytesOf(size, from);
  const checksum = hashOf(bytes);
  const seen = { reads: 0 };
  const records = Array.from({ length: count }, (_, n): HistoryRecord => {
    const cursor = from + n;
    const path = `${name}-${cursor}`;
    const record = {
      cursor,
      node: `n-${cursor}`,
      before: undefined,
      operation: 'create' as const,
      path,
      clientId: 'author',
      clientName: 'author',
      time: 0,
      cause: 'sync',
    };
    const versions = { placeVersion: cursor, contentVersion: cursor, author: 'author' };
    const content = { checksum, size, mtime: 0, executable: false };
    return {
      ...record,
      get after() {
        seen.reads += 1;
        return { kind: 'file' as const, parent: 'root', name: path, ...content, ...versions };
      },
    };
  });
  const committed: Committed = {
    epoch: 'epoch-1',
    chain: 'c'.repeat(64),
    records,
    chunks: [{ hash: checksum, size, bytes }],
  };
  return { committed, seen };
}

describe('a commit', () => {
  it('is turned into text once for all who get the same', async () => {
    const engines = [];
    for (const id of ['a', 'b', 'c', 'd']) engines.push(await listener(id, ENGINE));
    const { committed, seen } = commitOf({ from: 1, count: 5 });
    connections.committed(committed);
    for (const engine of engines) await engine.next('file_changed');
    expect(seen.reads).toBe(5);
    expect(new Set(engines.map(({ texts }) => texts.at(-1))).size).toBe(1);
  });

  it('is not turned into what nobody needs', async () => {
    const { committed, seen } = commitOf({ from: 1, count: 5 });
    connections.committed(committed);
    expect(seen.reads).toBe(0);
  });

  it('of many changes is only told of to the engine; the plain contract gets each', async () => {
    const [engine, plain] = [await listener('engine', ENGINE), await listener('plain')];
    connections.committed(commitOf({ from: 1, count: 1_001 }).committed);
    expect((await engine.next('behind')).data).toEqual({ cursor: 1_001 });
    for (let n = 0; n < 1_001; n += 1) await plain.next('file_updated');
    expect(plain.messages.every(({ type }) => type === 'file_changed')).toBe(true);
  });

  it('of large contents is pushed without them, and one of long names only told of', async () => {
    const engine = await listener('engine', ENGINE);
    connections.committed(commitOf({ from: 1, count: 1, size: 70_000 }).committed);
    const { data } = await engine.next('file_changed');
    expect(data.pushed).toMatchObject({ since: 0, cursor: 1, chunks: [] });
    const name = '\u0001'.repeat(240);
    connections.committed(commitOf({ from: 2, count: 900, name }).committed);
    expect((await engine.next('behind')).data).toEqual({ cursor: 901 });
  });

  it('that comes between the greeting and its answer is not lost', async () => {
    const record = { clientId: 'late', name: 'late', syncRoot: '/', lastSeen: 0, cursor: 0 };
    await world.metadata.putClient(world.folder, record);
    const late = new PlainClient('late', new WebSocket(`${base}/ws/late`));
    clients.push(late);
    await late.opened;
    late.introduce(ENGINE);
    let cursor = 0;
    while (late.messages.length === 0) {
      cursor += 1;
      connections.committed(commitOf({ from: cursor, count: 1 }).committed);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { data: welcome } = await late.next('client_connect');
    connections.committed(commitOf({ from: cursor + 1, count: 1 }).committed);
    for (let next = Number(welcome.cursor) + 1; next <= cursor + 1; next += 1) {
      expect((await late.next('file_changed')).data.pushed).toMatchObject({ since: next - 1 });
    }
  });
});

describe('a listener that does not read', () => {
  it('of the engine is told that it is behind, when it has read what waited', async () => {
    const slow = await listener('slow', ENGINE);
    const quick = await listener('quick', ENGINE);
    slow.socket.pause();
    const commits = 250;
    for (let cursor = 1; cursor <= commits; cursor += 1) {
      connections.committed(commitOf({ from: cursor, count: 1, size: 60_000 }).committed);
      await quick.next('file_changed');
    }
    slow.socket.resume();
    expect((await slow.next('behind')).data).toEqual({ cursor: commits });
    expect(slow.messages.length).toBeLessThan(commits);
    connections.committed(commitOf({ from: commits + 1, count: 1 }).committed);
    while ((await slow.next('file_changed')).data.file_path !== `file-${commits + 1}`);
  });

  it('of the plain contract has to come again', async () => {
    const slow = await listener('slow');
    slow.socket.pause();
    const name = 'x'.repeat(200);
    for (let n = 0; n < 60; n += 1) {
      connections.committed(commitOf({ from: n * 500 + 1, count: 500, name }).committed);
      await new Promise((resolve) => setImmediate(resolve));
    }
    slow.socket.resume();
    expect(await slow.closed).toMatchObject({ code: 1013 });
  });

  it('[F20] is ended after a minute', async () => {
    const slow = await listener('slow', ENGINE);
    slow.socket.pause();
    for (let cursor = 1; cursor <= 250; cursor += 1) {
      connections.committed(commitOf({ from: cursor, count: 1, size: 60_000 }).committed);
      if (cursor % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    connections.run();
    await world.clock.advance(59_000);
    expect(connections.connections).toBe(1);
    await world.clock.advance(3_000);
    await expect.poll(() => connections.connections).toBe(0);
    slow.socket.resume();
  });
});
