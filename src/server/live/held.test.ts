import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MemoryServer, memoryServer, type PlainClient } from '../../../test/memory-server.ts';

const A = 'a'.repeat(12);
const B = 'b'.repeat(12);
const hold = (id: string, files = 30) => ({
  ...{ id, direction: 'outgoing', deed: 'delete', files, bytes: 900, examples: ['a/b'] },
});

let server: MemoryServer;
let ben: PlainClient;
let browser: PlainClient;
beforeEach(async () => {
  server = await memoryServer();
  ben = await connectBen();
  browser = await server.connect('browser', { protocol_version: 1 });
});
afterEach(() => server.stop());

const connectBen = () => server.connect('ben', { protocol_version: 1, presence: false });

const held = async () => (await (await fetch(`${server.inside.url}/v1/held`)).json()).held;

async function give(id: string, verb: string, by = 'browser') {
  const answer = await server.post('/v1/held', { client_id: by, held_by: 'ben', id, verb });
  const { success, message, error_code: code } = await answer.json();
  return [answer.status, success === true ? message : code];
}

describe('[S15] what a client holds', () => {
  it('is shown with whose it is, and others are told that it changed', async () => {
    ben.send('held', { holds: [hold(A)] });
    await browser.next('held');
    const client = { client_id: 'ben', client_name: 'Ben', is_online: true };
    const since = '2026-11-22T12:00:00.000Z';
    expect(await held()).toEqual([{ ...hold(A), ...client, since, word: null }]);
    ben.send('held', { holds: [] });
    await browser.next('held');
    expect(await held()).toEqual([]);
  });

  it('is told to nobody twice, and neither to plain clients nor to those who hear of nobody', async () => {
    const plain = await server.connect('plain');
    const other = await server.connect('other', { protocol_version: 1, presence: false });
    ben.send('held', { holds: [hold(A)] });
    ben.send('held', { holds: [hold(A)] });
    await browser.next('held');
    await ben.typesSoFar();
    expect(await browser.typesSoFar()).not.toContain('held');
    expect(await plain.typesSoFar()).not.toContain('held');
    expect(await other.typesSoFar()).not.toContain('held');
  });

  it('stays while the client is away, and goes when it is removed', async () => {
    ben.send('held', { holds: [hold(A)] });
    await browser.next('held');
    ben.socket.close();
    await ben.closed;
    await browser.next('client_left');
    expect(await held()).toMatchObject([{ id: A, is_online: false }]);
    await fetch(`${server.inside.url}/v1/clients/ben`, { method: 'DELETE' });
    await browser.next('held');
    expect(await held()).toEqual([]);
  });

  it('that is no such thing is refused, and what was known stays', async () => {
    ben.send('held', { holds: [hold(A)] });
    await browser.next('held');
    ben.send('held', { holds: [{ ...hold(A), id: '../../x' }] });
    ben.send('held', { holds: Array.from({ length: 5 }, () => hold(A)) });
    expect((await ben.next('error')).data).toMatchObject({ error_code: 'bad_request' });
    expect((await ben.next('error')).data).toMatchObject({ error_code: 'bad_request' });
    expect(await held()).toHaveLength(1);
  });
});

describe('[S16] a word', () => {
  it('comes down at once to a client that is there, and is gone when it was taken', async () => {
    ben.send('held', { holds: [hold(A)] });
    await browser.next('held');
    expect(await give(A, 'approve')).toEqual([200, 'It is told.']);
    expect((await ben.next('word')).data).toEqual({ words: [{ id: A, verb: 'approve' }] });
    await browser.next('held');
    expect(await held()).toMatchObject([{ id: A, word: 'approve' }]);
    ben.send('held', { holds: [] });
    await browser.next('held');
    expect(await held()).toEqual([]);
  });

  it('waits for a client that is away, until it says that it still holds that', async () => {
    ben.send('held', { holds: [hold(A)] });
    await browser.next('held');
    ben.socket.close();
    await browser.next('client_left');
    expect(await give(A, 'undo')).toEqual([200, 'It is told when it connects.']);
    ben = await server.open('ben');
    ben.introduce({ protocol_version: 1, presence: false });
    expect((await ben.next('client_connect')).data).toMatchObject({ held: 1 });
    expect(await ben.typesSoFar()).not.toContain('word');
    ben.send('held', { holds: [hold(A)] });
    expect((await ben.next('word')).data).toEqual({ words: [{ id: A, verb: 'undo' }] });
  });

  it('is never for a larger one that came since', async () => {
    ben.send('held', { holds: [hold(A)] });
    await browser.next('held');
    ben.socket.close();
    await browser.next('client_left');
    await give(A, 'approve');
    ben = await connectBen();
    ben.send('held', { holds: [hold(B, 31)] });
    expect(await ben.typesSoFar()).not.toContain('word');
    expect(await held()).toMatchObject([{ id: B, word: null }]);
    expect(await give(A, 'approve')).toEqual([404, 'not_found']);
    expect(await ben.typesSoFar()).not.toContain('word');
  });

  it('is given by who is registered, on what is held, and written down', async () => {
    ben.send('held', { holds: [hold(A)] });
    await browser.next('held');
    expect(await give(A, 'approve', 'eve')).toEqual([403, 'not_registered']);
    expect(await give(A, 'shred')).toEqual([400, 'bad_request']);
    expect(await give('x', 'approve')).toEqual([400, 'bad_request']);
    await give(A, 'approve');
    await server.inside.clock.advance(2_000);
    const { audit } = await (await fetch(`${server.inside.url}/v1/audit?limit=1000`)).json();
    const words = audit.filter(({ action }: { action: string }) => action === 'word');
    expect(words).toMatchObject([{ client_id: 'browser', detail: `approve ${A} of ben` }]);
  });
});

it('a plain client is not told how much the server knows it to hold', async () => {
  await server.register('plain');
  const plain = await server.open('plain');
  plain.introduce();
  expect((await plain.next('client_connect')).data).not.toHaveProperty('held');
});
