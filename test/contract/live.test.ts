import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DOWN } from '../../src/protocol/down.ts';
import { UP } from '../../src/protocol/up.ts';
import { hashOf } from '../memory-app.ts';
import { type MemoryServer, memoryServer, type PlainClient } from '../memory-server.ts';

let server: MemoryServer;
afterEach(() => server.stop());

it('[contract 4] the types of messages are those that are listed', async () => {
  server = await memoryServer();
  const both = ['client_connect', 'file_changed', 'heartbeat', 'error'];
  const up = ['client_disconnect', 'sync_request'];
  const down = ['sync_response', 'client_joined', 'client_left', 'file_updated', 'file_deleted'];
  expect(Object.keys(UP)).toEqual(expect.arrayContaining([...both, ...up]));
  expect(Object.keys(DOWN)).toEqual(expect.arrayContaining([...both, ...down]));
  for (const type of [...both, ...up].filter((one) => one !== 'client_connect')) {
    const anna = await server.connect('anna');
    anna.socket.send(JSON.stringify({ type, data: VALID[type] ?? {} }));
    if (type === 'client_disconnect') {
      expect(await anna.closed).toMatchObject({ code: 1000 });
      continue;
    }
    if (type !== 'heartbeat') anna.send('heartbeat');
    await anna.next('heartbeat');
    expect(anna.messages.filter((message) => message.type === 'error')).toEqual([]);
  }
});

/** Data of what a client says, where something is needed. */
const VALID: Readonly<Record<string, object>> = {
  file_changed: { operation: 'delete', file_path: 'none.txt' },
  sync_request: { client_id: 'anna', files: [], sync_root: '/' },
  error: { error_code: 'internal', message: 'Something went wrong here.' },
};

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Everything that a plain client can be told. */
async function everyMessage(): Promise<PlainClient> {
  const anna = await server.connect('anna');
  const ben = await server.connect('ben');
  await server.upload('ben', 'a.txt', 'one');
  ben.send('file_changed', { operation: 'delete', file_path: 'a.txt' });
  anna.send('sync_request', { client_id: 'anna', files: [], sync_root: '/' });
  anna.send('heartbeat', { client_id: 'anna' });
  anna.socket.send('this is not JSON');
  await anna.next('error');
  await anna.next('file_deleted');
  ben.send('client_disconnect');
  await anna.next('client_left');
  return anna;
}

describe('[contract 4] messages', () => {
  it('are envelopes, every one, with a time in ISO 8601', async () => {
    server = await memoryServer();
    const { texts } = await everyMessage();
    const messages = texts.map((text) => JSON.parse(text));
    const types = new Set(messages.map(({ type }) => type));
    expect([...types].sort()).toEqual(
      [
        ...['client_connect', 'client_joined', 'client_left', 'error', 'file_changed'],
        ...['file_deleted', 'file_updated', 'heartbeat', 'sync_response'],
      ].sort(),
    );
    for (const message of messages) {
      expect(Object.keys(message).sort()).toEqual(['client_id', 'data', 'timestamp', 'type']);
      expect(message.timestamp).toMatch(ISO);
      expect(message.client_id).toEqual(expect.any(String));
    }
  });

  it('heartbeat: both ways, every 30 seconds by default; silence for three ends the connection', async () => {
    server = await memoryServer();
    const [anna, ben] = [await server.connect('anna'), await server.connect('ben')];
    const { clock } = server.inside;
    await clock.advance(29_000);
    expect(await anna.typesSoFar()).not.toContain('heartbeat');
    await clock.advance(2_000);
    const { data } = await anna.next('heartbeat');
    expect(data).toEqual({ client_id: 'anna', timestamp: expect.stringMatching(ISO) });
    for (const seconds of [29, 30, 27]) {
      await clock.advance(seconds * 1_000);
      ben.send('heartbeat');
      await ben.next('heartbeat');
    }
    expect(anna.socket.readyState).toBe(WebSocket.OPEN);
    await clock.advance(3_000);
    expect(await anna.closed).toMatchObject({ code: 1008, reason: 'silent' });
    expect(ben.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('file_changed carries the FileInfo, to plain clients and to those of the engine', async () => {
    server = await memoryServer();
    await server.connect('anna');
    const plain = await server.connect('ben');
    const engine = await server.connect('carl', { protocol_version: 1 });
    await server.upload('anna', 'a.txt', 'one');
    for (const client of [plain, engine]) {
      const { data } = await client.next('file_changed');
      expect(data.file_info).toMatchObject({ path: 'a.txt', size: 3, checksum: hashOf('one') });
    }
  });

  it('error: code, message and details; the connection lives on', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    anna.send('file_changed', { operation: 'melt', file_path: 'a' });
    const { data } = await anna.next('error');
    expect(Object.keys(data).sort()).toEqual(['details', 'error_code', 'message']);
    expect(data.details).toEqual([{ field: 'operation', reason: expect.any(String) }]);
    expect(anna.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('a change comes back to nobody who made it, by whichever way', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    const engine = await server.connect('ben', { protocol_version: 1 });
    await server.upload('anna', 'a.txt', 'one');
    anna.send('file_changed', { operation: 'move', file_path: 'b.txt', old_path: 'a.txt' });
    anna.send('file_changed', { operation: 'update', file_path: 'b.txt' });
    anna.send('file_changed', { operation: 'delete', file_path: 'b.txt' });
    await server.upload('ben', 'c.txt', 'two');
    await anna.next('file_updated');
    const told = anna.texts
      .map((text) => JSON.parse(text))
      .filter(({ type }) => /file_/.test(type));
    expect(told.map(({ data }) => data.client_id)).toEqual(['ben', 'ben']);
    await engine.typesSoFar();
    const back = engine.texts.map((text) => JSON.parse(text).data.client_id);
    expect(back.filter((id) => id === 'ben')).toEqual([]);
  });
});

describe('[contract 4] who comes and who goes', () => {
  /** Lets in many at once, without asking each to register. */
  async function crowd(count: number): Promise<PlainClient[]> {
    const { metadata } = server.inside;
    const clients: PlainClient[] = [];
    for (let n = 0; n < count; n += 1) {
      const clientId = `c${n}`;
      const record = { clientId, name: `C${n}`, syncRoot: '/', lastSeen: 0, cursor: 0 };
      await metadata.putClient('default', record);
      clients.push(await server.open(clientId));
    }
    for (const client of clients) client.introduce();
    for (const client of clients) await client.next('client_connect');
    return clients;
  }

  const PATIENTLY = { timeout: 20_000 };
  const heardOf = (client: PlainClient, type: string): string[] =>
    client.messages.filter((one) => one.type === type).map(({ data }) => String(data.client_id));

  it('is told to all the others, each once, however many are there', async () => {
    server = await memoryServer();
    const { clock } = server.inside;
    const clients = await crowd(1_100);
    const [first, ...others] = clients;
    const last = clients.at(-1);
    if (first === undefined || last === undefined) throw new Error('nobody came');
    // Time passes: whoever came while the others were told of somebody is told of together.
    for (let n = 0; n < 5; n += 1) await clock.advance(1_000);
    await expect.poll(() => heardOf(first, 'client_joined').length, PATIENTLY).toBe(1_099);
    expect(heardOf(first, 'client_joined')).toEqual(others.map(({ id }) => id));
    // Each heard of those who came after it, and of nobody else; the last one is told last.
    const before = clients.at(-2);
    await expect
      .poll(() => (before === undefined ? [] : heardOf(before, 'client_joined')), PATIENTLY)
      .toEqual([last.id]);
    expect(await last.typesSoFar()).toEqual([]);

    last.socket.close();
    await last.closed;
    await expect
      .poll(async () => {
        await clock.advance(200);
        return clients.slice(0, -1).every((one) => heardOf(one, 'client_left').join() === last.id);
      }, PATIENTLY)
      .toBe(true);
  });

  it('one who comes and goes while others are told is told of in this order', async () => {
    server = await memoryServer();
    const { clock } = server.inside;
    const [anna] = await crowd(120);
    if (anna === undefined) throw new Error('nobody came');
    await clock.advance(1_000);
    await expect.poll(() => heardOf(anna, 'client_joined').length, PATIENTLY).toBe(119);
    anna.messages.length = 0;
    for (const id of ['x', 'y']) {
      const visitor = await server.connect(id);
      visitor.socket.close();
      await visitor.closed;
    }
    await expect
      .poll(async () => {
        await clock.advance(100);
        return anna.messages.map(({ type, data }) => `${type} ${data.client_id}`);
      }, PATIENTLY)
      .toEqual(['client_joined x', 'client_left x', 'client_joined y', 'client_left y']);
    expect(anna.messages[0]?.data).toEqual({ client_id: 'x', name: 'X' });
  });
});
