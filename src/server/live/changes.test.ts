import { afterEach, describe, expect, it } from 'vitest';
import { hashOf } from '../../../test/memory-app.ts';
import { type MemoryServer, memoryServer, type PlainClient } from '../../../test/memory-server.ts';
import { parse } from '../../protocol/parse.ts';
import { pushedFromWire, WirePushed } from '../../protocol/pushed.ts';
import { remoteChangeFromWire } from '../../protocol/remote-change.ts';

let server: MemoryServer;
afterEach(() => server.stop());

const change = (operation: string, file_path: string, old_path?: string) => ({
  operation,
  file_path,
  ...(old_path !== undefined && { old_path }),
  client_id: 'anna',
});

/** Of the plain contract: the change under both of its names. */
async function told(client: PlainClient, older: 'file_updated' | 'file_deleted') {
  const { file_info, ...data } = (await client.next('file_changed')).data;
  expect((await client.next(older)).data).toEqual(data);
  return { data, file_info };
}

describe('file_changed down', () => {
  it('tells the others of an upload, with the FileInfo, and under its older name', async () => {
    server = await memoryServer();
    const [anna, ben] = [await server.connect('anna'), await server.connect('ben')];
    await server.upload('anna', 'a.txt', 'one');
    const created = await told(ben, 'file_updated');
    expect(created.data).toEqual(change('create', 'a.txt'));
    expect(created.file_info).toEqual({
      path: 'a.txt',
      size: 3,
      checksum: hashOf('one'),
      modified_time: expect.any(String),
      is_directory: false,
    });
    await server.upload('anna', 'a.txt', 'another');
    const updated = await told(ben, 'file_updated');
    expect(updated.data).toEqual(change('update', 'a.txt'));
    expect(updated.file_info).toMatchObject({ size: 7, checksum: hashOf('another') });
    expect(await anna.typesSoFar()).toEqual(['client_joined']);
    expect(await ben.typesSoFar()).toEqual([]);
  });

  it('tells one change after another of a commit that has several', async () => {
    server = await memoryServer();
    await server.connect('anna');
    const ben = await server.connect('ben');
    await server.upload('anna', 'a/b/c.txt', 'one');
    const paths = [];
    for (let n = 0; n < 3; n += 1) paths.push((await told(ben, 'file_updated')).data.file_path);
    expect(paths).toEqual(['a', 'a/b', 'a/b/c.txt']);
  });

  it('tells a client’s own engine to ask for what was done beside it, in its name', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna', { protocol_version: 1, cursor: 0 });
    await server.upload('anna', 'a.txt', 'one');
    expect((await anna.next('behind')).data).toEqual({ cursor: 1 });
    await server.upload('anna', 'a.txt', 'two');
    await anna.next('behind');
    const body = { client_id: 'anna', to: 1 };
    expect((await server.post('/v1/rewind', body)).status).toBe(200);
    expect((await anna.next('behind')).data).toEqual({ cursor: 3 });
    expect(await anna.typesSoFar()).not.toContain('file_changed');
  });

  it('tells a client of the engine of a whole commit in one message, with small contents', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    const ben = await server.connect('ben', { protocol_version: 1, cursor: 0 });
    await server.upload('anna', 'a/b.txt', 'one');
    const { data, client_id } = await ben.next('file_changed');
    expect(client_id).toBe('anna');
    expect(data).toMatchObject(change('create', 'a'));
    const wire = parse(WirePushed, data.pushed);
    const pushed = pushedFromWire(wire);
    expect(pushed).toMatchObject({ since: 0, cursor: 2 });
    expect(pushed.chunks.map(({ hash, bytes }) => [hash, String(Buffer.from(bytes))])).toEqual([
      [hashOf('one'), 'one'],
    ]);
    const records = await server.inside.metadata.changes('default', {
      since: 0,
      until: 2,
      limit: 9,
    });
    expect(wire.changes.map(remoteChangeFromWire)).toEqual(records);
    expect(await ben.typesSoFar()).toEqual([]);
    expect(await anna.typesSoFar()).not.toContain('file_changed');
  });

  it('[E19] tells a client of the engine that it is behind, when another process stored something', async () => {
    server = await memoryServer();
    const ben = await server.connect('ben', { protocol_version: 1 });
    const carl = await server.connect('carl');
    server.inside.notifier.notify('another folder', 8);
    server.inside.notifier.notify('default', 7);
    expect((await ben.next('behind')).data).toEqual({ cursor: 7 });
    server.inside.notifier.notify('default', 7);
    expect(await ben.typesSoFar()).toEqual(['client_joined']);
    expect(await carl.typesSoFar()).toEqual([]);
  });
});

describe('file_changed up', () => {
  it('deletes, with everything below', async () => {
    server = await memoryServer();
    const [anna, ben] = [await server.connect('anna'), await server.connect('ben')];
    await server.upload('anna', 'a/b.txt', 'one');
    for (let n = 0; n < 2; n += 1) await told(ben, 'file_updated');
    anna.send('file_changed', change('delete', 'a'));
    const first = await told(ben, 'file_deleted');
    expect(first).toEqual({ data: change('delete', 'a'), file_info: undefined });
    expect((await told(ben, 'file_deleted')).data).toEqual(change('delete', 'a/b.txt'));
    expect((await fetch(`${server.inside.url}/download/a/b.txt`)).status).toBe(404);
    anna.send('file_changed', change('delete', 'a'));
    expect(await anna.typesSoFar()).toEqual(['client_joined']);
  });

  it('moves, and sends no content', async () => {
    server = await memoryServer();
    const [anna, ben] = [await server.connect('anna'), await server.connect('ben')];
    await server.upload('anna', 'a.txt', 'one');
    await told(ben, 'file_updated');
    anna.send('file_changed', change('move', 'b/c.txt', 'a.txt'));
    expect((await told(ben, 'file_updated')).data).toEqual(change('create', 'b'));
    const moved = await told(ben, 'file_updated');
    expect(moved.data).toEqual(change('move', 'b/c.txt', 'a.txt'));
    expect(moved.file_info).toMatchObject({ path: 'b/c.txt', checksum: hashOf('one') });
    expect(await (await fetch(`${server.inside.url}/download/b/c.txt`)).text()).toBe('one');
  });

  it('is done in the order in which it is said', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    await server.upload('anna', 'a.txt', 'one');
    anna.send('file_changed', change('move', 'b.txt', 'a.txt'));
    anna.send('file_changed', change('move', 'c.txt', 'b.txt'));
    anna.send('file_changed', change('delete', 'c.txt'));
    expect(await anna.typesSoFar()).toEqual([]);
    expect((await server.inside.metadata.counts('default')).files).toBe(0);
  });

  it('of what is stored already is told again to the others', async () => {
    server = await memoryServer();
    const [anna, ben] = [await server.connect('anna'), await server.connect('ben')];
    const carl = await server.connect('carl', { protocol_version: 1 });
    await server.upload('anna', 'a.txt', 'one');
    await told(ben, 'file_updated');
    await carl.next('file_changed');
    anna.send('file_changed', change('update', 'a.txt'));
    const again = await told(ben, 'file_updated');
    expect(again.data).toEqual(change('update', 'a.txt'));
    expect(again.file_info).toMatchObject({ path: 'a.txt', checksum: hashOf('one') });
    expect((await carl.next('behind')).data).toEqual({ cursor: 1 });
    expect(await anna.typesSoFar()).not.toContain('file_changed');
  });

  it.each([
    ['a creation of what is not stored', change('create', 'none.txt'), 'not_found'],
    ['a move of what is not there', change('move', 'b.txt', 'none.txt'), 'not_found'],
    ['a move from nowhere', change('move', 'b.txt'), 'bad_request'],
    ['[F01] a name that no disk holds', change('delete', 'a\u0000b'), 'bad_request'],
  ])('is refused: %s', async (_, data, code) => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    anna.send('file_changed', data);
    expect((await anna.next('error')).data.error_code).toBe(code);
  });

  it('is the change of whoever has the connection, whatever client_id it names', async () => {
    server = await memoryServer();
    const [anna, ben] = [await server.connect('anna'), await server.connect('ben')];
    await server.upload('ben', 'a.txt', 'one');
    await told(anna, 'file_updated');
    anna.send('file_changed', { ...change('delete', 'a.txt'), client_id: 'ben' });
    expect((await ben.next('file_deleted')).data).toEqual(change('delete', 'a.txt'));
  });
});

describe('sync_request', () => {
  const files = [
    { path: 'mine.txt', size: 1, checksum: hashOf('x'), modified_time: '2026-01-01T00:00:00Z' },
  ];

  it('is answered as POST /sync is', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    await server.upload('anna', 'a.txt', 'one');
    const request = { client_id: 'anna', files, sync_root: '/home/anna' };
    anna.send('sync_request', request);
    const { data } = await anna.next('sync_response');
    expect(data).toEqual(await (await server.post('/sync', request)).json());
    expect(data).toMatchObject({ success: true, uploads: ['mine.txt'], downloads: ['a.txt'] });
  });

  it('is refused when the answer is too long for a message', async () => {
    server = await memoryServer();
    const anna = await server.connect('anna');
    const many = Array.from({ length: 4_900 }, (_, n) => ({
      ...files[0],
      path: `${n}`.padStart(60),
    }));
    anna.send('sync_request', { client_id: 'anna', files: many, sync_root: '/' });
    const { data } = await anna.next('error');
    expect(data.error_code).toBe('request_too_large');
  });
});

it('[D12] clients of the engine are told to ask when something rotted, and nobody else', async () => {
  server = await memoryServer();
  const anna = await server.connect('anna', { protocol_version: 1, cursor: 0 });
  const ben = await server.connect('ben');
  await server.upload('anna', 'a.txt', 'one');
  await server.rot(hashOf('one'));
  expect((await anna.next('behind')).data).toEqual({ cursor: 1 });
  expect(await ben.typesSoFar()).toEqual(['file_changed', 'file_updated']);
});
