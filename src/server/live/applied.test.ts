import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MemoryServer, memoryServer, type PlainClient } from '../../../test/memory-server.ts';
import type { Lag } from '../../protocol/client-info.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

let server: MemoryServer;
beforeEach(async () => {
  server = await memoryServer();
});
afterEach(() => server.stop());

const ENGINE = { protocol_version: PROTOCOL_VERSION, reports: true };

const ask = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${server.inside.url}${path}`)).json()) as T;

const lag = (query = ''): Promise<Lag> => ask<Lag>(`/v1/lag${query}`);

/** What it said before is taken in when this returns. */
async function says(client: PlainClient, cursor: number, held = 0): Promise<void> {
  client.send('applied', { cursor, held });
  client.send('client_connect', {});
  await client.next('error');
}

const behindNow = async (query = ''): Promise<string[]> =>
  (await lag(query)).clients.map(({ client_id: id }) => id);

describe('applied', () => {
  it('is asked for of clients that speak the engine’s protocol, and oftener of few than of many', async () => {
    await server.register('anna');
    const anna = await server.open('anna');
    anna.introduce(ENGINE);
    expect((await anna.next('client_connect')).data).toMatchObject({ applied_every: 1_000 });
  });

  it('tells how far a client is, at once, and what is held there', async () => {
    const anna = await server.connect('anna', ENGINE);
    await server.upload('anna', 'a.txt', 'a');
    await server.upload('anna', 'b.txt', 'b');
    await server.inside.clock.advance(5_000);
    const behind = { client_id: 'anna', keeps_directory: true, is_online: true };
    expect(await lag()).toMatchObject({
      ...{ epoch: expect.any(String), cursor: 2, behind: 1 },
      clients: [{ ...behind, cursor: 0, lag_changes: 2, lag_seconds: 5 }],
    });
    await says(anna, 1);
    expect((await lag()).clients).toMatchObject([{ cursor: 1, lag_changes: 1 }]);
    await says(anna, 2, 3);
    expect((await lag()).clients).toMatchObject([{ cursor: 2, lag_changes: 0, held: 3 }]);
    await says(anna, 2);
    expect(await lag()).toMatchObject({ behind: 0, clients: [] });
  });

  it('of what the folder has not reached is refused, and the connection lives on', async () => {
    const anna = await server.connect('anna', ENGINE);
    await server.upload('anna', 'a.txt', 'a');
    anna.send('applied', { cursor: 2, held: 0 });
    expect((await anna.next('error')).data).toMatchObject({ error_code: 'bad_request' });
    await says(anna, 1);
    expect(await behindNow()).toEqual([]);
  });

  it('is stored when a client goes, and while it is there now and then', async () => {
    const anna = await server.connect('anna', ENGINE);
    await server.upload('anna', 'a.txt', 'a');
    const stored = async () => (await server.inside.metadata.client('default', 'anna'))?.cursor;
    await says(anna, 1);
    expect(await stored()).toBe(0);
    await server.inside.clock.advance(61_000);
    expect(await stored()).toBe(1);
    await server.upload('anna', 'b.txt', 'b');
    await says(anna, 2);
    anna.socket.close();
    await anna.closed;
    await expect.poll(stored).toBe(2);
    expect(await behindNow()).toEqual([]);
    await server.upload('anna', 'c.txt', 'c');
    expect(await behindNow()).toEqual(['anna']);
    expect(await behindNow('?connected=true')).toEqual([]);
  });
});

describe('who waits', () => {
  it('has those that are behind asked, each once for a cursor, and others not', async () => {
    const [anna, ben] = [await server.connect('anna', ENGINE), await server.connect('ben', ENGINE)];
    await server.upload('anna', 'a.txt', 'a');
    await says(anna, 1);
    await lag();
    await lag('?cursor=1');
    expect((await ben.next('applied_wanted')).data).toEqual({ cursor: 1 });
    expect(await ben.typesSoFar()).not.toContain('applied_wanted');
    expect(await anna.typesSoFar()).not.toContain('applied_wanted');
    await server.upload('anna', 'b.txt', 'b');
    await lag('?cursor=1');
    expect(await ben.typesSoFar()).not.toContain('applied_wanted');
    await lag();
    expect((await ben.next('applied_wanted')).data).toEqual({ cursor: 2 });
  });

  it('waits for no browser, no client of the plain contract, and none that was removed', async () => {
    await server.connect('browser-1', { protocol_version: PROTOCOL_VERSION });
    await server.connect('plain');
    await server.register('away');
    await server.connect('anna', ENGINE);
    await server.upload('anna', 'a.txt', 'a');
    expect(await behindNow()).toEqual(['anna']);
    await fetch(`${server.inside.url}/v1/clients/anna`, { method: 'DELETE' });
    expect(await behindNow()).toEqual([]);
  });

  it('waits for a client that is away and has a token, though it never applied anything', async () => {
    const introduction = {
      ...{ client_id: 'anna', name: 'Anna', sync_root: '/a', cursor: 0 },
      ...{ protocol_version: PROTOCOL_VERSION, identity: { last: null, next: 'token-1' } },
    };
    await server.post('/v1/clients', introduction);
    await server.upload('anna', 'a.txt', 'a');
    expect(await behindNow()).toEqual(['anna']);
  });

  it('is told of those that lack most, a hundred of them, and how many there are', async () => {
    const { metadata } = server.inside;
    await server.register('anna');
    for (let n = 1; n <= 105; n += 1) await server.upload('anna', `${n}.txt`, `${n}`);
    for (let n = 1; n <= 104; n += 1) {
      const client = { clientId: `c${n}`, name: `C${n}`, syncRoot: '/', lastSeen: 1, cursor: n };
      await metadata.putClient('default', client);
    }
    const { behind, clients } = await lag();
    expect([behind, clients.length]).toEqual([104, 100]);
    expect(clients[0]).toMatchObject({ client_id: 'c1', lag_changes: 104 });
    expect(await metricsText()).not.toContain('client="c1"');
    expect(await metricsText()).toContain('syncer_clients_behind{connected="false"} 104\n');
    expect(await metricsText()).toContain('syncer_largest_lag_changes{connected="false"} 104\n');
  });
});

const metricsText = async (): Promise<string> =>
  await (await fetch(`${server.inside.url}/metrics`)).text();
