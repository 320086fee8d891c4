import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { MemoryServer as EngineServer } from '../../src/client/api/memory.ts';
import { systemClock } from '../../src/client/clock.ts';
import { memoryDisk } from '../../src/client/disk/memory.ts';
import { MemoryLive } from '../../src/client/live/memory.ts';
import { webSocketLive } from '../../src/client/live/websocket.ts';
import type { LiveEvent } from '../../src/client/live-connection.ts';
import type { Clock } from '../../src/client/ports.ts';
import { MemoryStateFile } from '../../src/client/state/memory.ts';
import { type Condition, Synchronizer } from '../../src/client/synchronizer.ts';
import { MemoryWatcher } from '../../src/client/watch/memory.ts';
import { ignorePatterns } from '../../src/core/ignore.ts';
import { failure, overWire, Wire } from '../engine/wire.ts';
import { memoryServer } from '../memory-server.ts';
import { CountingProxy } from './counting-proxy.ts';

/** A clock on which a sleep is over at once, and written down. */
class HurriedClock implements Clock {
  readonly sleeps: number[] = [];
  #now = Date.UTC(2026, 10, 22);

  now(): number {
    this.#now += 1;
    return this.#now;
  }

  async sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.#now += ms;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** From `first` on twice as long each time, up to half a minute. */
const doubling = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => Math.min(30_000, first * 2 ** n));

/** With the least and with the greatest chance: between half of it and all of it. */
const CHANCES = [
  [0, 0.5],
  [1, 1],
] as const;

describe('[contract 6] the live connection comes back', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function setUp(chance: number) {
    const server = await memoryServer();
    closing.push(() => server.stop());
    await server.register('anna');
    const to = { port: 1 };
    const proxy = new CountingProxy(() => to.port);
    const port = await proxy.listen();
    closing.push(() => proxy.close());
    const clock = new HurriedClock();
    const live = webSocketLive({
      base: `ws://127.0.0.1:${port}`,
      apiKey: undefined,
      clientId: () => 'anna',
      clientName: 'Anna',
      syncRoot: '/anna',
      heartbeat: 30_000,
      clock,
      random: () => chance,
    });
    closing.push(() => live.stop());
    const events: LiveEvent['type'][] = [];
    live.run(({ type }) => events.push(type));
    const goesUp = (): void => {
      to.port = Number(new URL(server.inside.url).port);
    };
    return { clock, events, proxy, goesUp };
  }

  it.each(CHANCES)(
    'with exponential backoff and jitter, as long as it takes (%i)',
    async (...row) => {
      const [chance, part] = row;
      const { clock, events, proxy, goesUp } = await setUp(chance);
      await expect.poll(() => clock.sleeps.length, { timeout: 20_000 }).toBeGreaterThan(40);
      expect(clock.sleeps.slice(0, 40)).toEqual(doubling(250, 40).map((ms) => ms * part));
      expect(events).toEqual([]);
      goesUp();
      await expect.poll(() => events, { timeout: 20_000 }).toEqual(['connected']);

      const before = clock.sleeps.length;
      proxy.cut();
      await expect.poll(() => events.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
      expect(events.slice(0, 3)).toEqual(['connected', 'disconnected', 'connected']);
      // A connection that was there begins anew.
      expect(clock.sleeps[before]).toBe(250 * part);
    },
  );
});

describe('[contract 4] the client’s heartbeats', () => {
  it('go up every heartbeat_interval; a server that is silent for long enough is left and tried anew', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    const heard: string[][] = [];
    server.on('connection', (socket) => {
      const types: string[] = [];
      heard.push(types);
      socket.on('message', (data) => {
        const { type, client_id, timestamp } = JSON.parse(String(data));
        types.push(`${type} of ${client_id} at ${typeof timestamp}`);
        const server_time = new Date().toISOString();
        const welcome = { success: true, message: 'Welcome.', server_time };
        if (types.length === 1) socket.send(JSON.stringify({ type, data: welcome }));
      });
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const live = webSocketLive({
      base: `ws://127.0.0.1:${port}`,
      apiKey: undefined,
      clientId: () => 'anna',
      clientName: 'Anna',
      syncRoot: '/anna',
      heartbeat: 40,
      clock: systemClock,
      random: () => 0,
    });
    live.run(() => {});
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBeGreaterThan(1);
    await live.stop();
    await new Promise((resolve) => server.close(resolve));
    const [hello, ...beats] = heard[0] ?? [];
    expect(hello).toBe('client_connect of anna at string');
    expect(beats.length).toBeGreaterThanOrEqual(2);
    expect(new Set(beats)).toEqual(new Set(['heartbeat of anna at string']));
  });
});

describe('[contract 6] synchronizing goes on', () => {
  it.each(CHANCES)('after failures, with exponential backoff and jitter (%i)', async (...row) => {
    const [chance, part] = row;
    const clock = new HurriedClock();
    const server = new EngineServer();
    const state = new MemoryStateFile({ newId: () => 'anna' }).open();
    const wire = new Wire();
    wire.fault = () => (clock.sleeps.length < 30 ? failure('unreachable') : undefined);
    const conditions: Condition['type'][] = [];
    const disk = memoryDisk({ clock });
    const synchronizer: Synchronizer = new Synchronizer({
      disk,
      state,
      clock,
      newId: () => 'a-new-id',
      api: overWire(server.api('anna', 'Anna'), wire),
      live: new MemoryLive(),
      watcher: new MemoryWatcher(),
      random: () => chance,
      observer: {
        conditionChanged({ type }) {
          conditions.push(type);
          if (type === 'resting') synchronizer.stop();
        },
      },
      options: {
        settings: { clientName: 'Anna', syncRoot: '/anna', ignorePatterns: [], system: 'linux' },
        listener: { happened: () => {}, progressed: () => {} },
        ignore: ignorePatterns([]),
      },
    });
    disk.user.write('a.txt', 'made while the server was away');
    await synchronizer.run();
    expect(clock.sleeps.slice(0, 30)).toEqual(doubling(400, 30).map((ms) => ms * part));
    expect(new Set(conditions)).toEqual(new Set(['working', 'offline', 'resting']));
    expect([...server.tree.ids()]).toHaveLength(1);
  });
});
