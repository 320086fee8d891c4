import { createServer, type Server } from 'node:http';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import type { Committed } from '../../src/server/commit.ts';
import { type Connections, createConnections } from '../../src/server/live/connections.ts';
import { memoryNotifier } from '../../src/server/notifier/memory.ts';
import { bytesOf, hashOf, memoryApp } from '../../test/memory-app.ts';
import { PlainClient } from '../../test/memory-server.ts';
import { median, range } from '../report/statistics.ts';
import { sleep } from '../system/until.ts';
import type { Timed } from './time-it.ts';

const LISTENERS = 1_000;
/** Between two commits, the listeners (which live in this process too) read what they were told. */
const PAUSE = 50;

/** What it costs the server's thread to hand one commit to all who listen; not until they have it. */
export async function fanOut(): Promise<Timed[]> {
  const { parts, metadata, folder } = await memoryApp();
  const limits = { heartbeat: 1e6, messagesPerSecond: 1e3, connections: LISTENERS };
  const given = { ports: parts, notifier: memoryNotifier(), limits, cursor: 0 };
  const connections = createConnections({ ...parts, ...given });
  const server = createServer();
  connections.attach(server);
  const base = await listen(server);
  const clients: PlainClient[] = [];
  for (let n = 0; n < LISTENERS; n += 1) {
    const id = `listener-${n}`;
    await metadata.putClient(folder, {
      clientId: id,
      name: id,
      syncRoot: '/',
      lastSeen: 0,
      cursor: 0,
    });
    const client = new PlainClient(id, new WebSocket(`${base}/ws/${id}`));
    await client.opened;
    client.introduce({ protocol_version: PROTOCOL_VERSION });
    await client.next('client_connect');
    clients.push(client);
  }
  const found = await timeCommits(connections);
  for (const { socket } of clients) socket.terminate();
  await connections.stop();
  await new Promise((resolve) => server.close(resolve));
  return found;
}

async function timeCommits(connections: Connections): Promise<Timed[]> {
  const times: number[] = [];
  for (let cursor = 1; cursor <= 30; cursor += 1) {
    const committed = commitOf(cursor);
    const begin = performance.now();
    connections.committed(committed);
    times.push(performance.now() - begin);
    await sleep(PAUSE);
  }
  const what = `hand one commit to ${LISTENERS} listeners`;
  const amount = { count: LISTENERS, unit: 'listeners' };
  return [{ what, ms: median(times), spread: range(times), amount }];
}

function commitOf(cursor: number): Committed {
  const bytes = bytesOf(1024, cursor);
  const checksum = hashOf(bytes);
  const content = { checksum, size: bytes.length, mtime: 0, executable: false };
  const versions = { placeVersion: cursor, contentVersion: cursor, author: 'author' };
  const name = `file-${cursor}.txt`;
  const record = {
    cursor,
    node: `node-${cursor}`,
    before: undefined,
    after: { kind: 'file' as const, parent: 'root', name, ...content, ...versions },
    operation: 'create' as const,
    path: name,
    clientId: 'author',
    clientName: 'author',
    time: 0,
    cause: 'sync',
  };
  const chunks = [{ hash: checksum, size: bytes.length, bytes }];
  return { epoch: 'epoch-1', chain: 'c'.repeat(64), records: [record], chunks };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens to no port.');
  return `ws://127.0.0.1:${address.port}`;
}
