import { randomUUID } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { chunkOf } from '../../src/client/api/contract.ts';
import { httpApi } from '../../src/client/api/http.ts';
import { systemClock } from '../../src/client/clock.ts';
import { type WebSocketLiveOptions, webSocketLive } from '../../src/client/live/websocket.ts';
import type { Live, LiveEvent } from '../../src/client/live-connection.ts';
import type { Api } from '../../src/client/ports.ts';
import type { ShownHold } from '../../src/client/show-hold.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';
import { random } from '../random.ts';

let server: MemoryServer;
let lives: Live[] = [];
beforeEach(async () => {
  server = await memoryServer();
});
afterEach(async () => {
  await Promise.all(lives.map((live) => live.stop()));
  lives = [];
  await server.stop();
});

/** What a live connection has told so far, and what it will. */
class Ear {
  readonly heard: LiveEvent[] = [];
  #look = (): void => {};
  readonly hear = (event: LiveEvent): void => {
    this.heard.push(event);
    this.#look();
  };

  /** Waits for the `n`th event of a type, from 1. */
  async next<T extends LiveEvent['type']>(
    type: T,
    n = 1,
  ): Promise<Extract<LiveEvent, { type: T }>> {
    for (;;) {
      const found = this.heard.filter((event) => event.type === type)[n - 1];
      if (found !== undefined) return found as Extract<LiveEvent, { type: T }>;
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }
}

function listen(options: Partial<WebSocketLiveOptions> = {}): { ear: Ear; live: Live } {
  const live = webSocketLive({
    base: server.wsUrl,
    apiKey: undefined,
    clientId: () => 'ben',
    clientName: 'Ben',
    syncRoot: '/ben',
    heartbeat: 30_000,
    clock: systemClock,
    random: () => 0,
    ...options,
  });
  lives.push(live);
  const ear = new Ear();
  live.run(ear.hear);
  return { ear, live };
}

async function apiOf(clientId: string): Promise<Api> {
  const epoch = (await server.inside.metadata.folder('default'))?.epoch;
  const api = httpApi({
    base: server.inside.url,
    apiKey: undefined,
    clientId: () => clientId,
    epoch: () => epoch,
  });
  await api.register({ clientId, name: clientId, syncRoot: `/${clientId}`, cursor: 0 });
  return api;
}

const file = (name: string, text: string) => {
  const chunk = chunkOf(text);
  const content = { checksum: chunk.hash, size: chunk.size, mtime: 1, executable: false };
  const place = { parent: 'root', name };
  const change = { type: 'create', node: `node-${name}`, kind: 'file', place, content } as const;
  return { key: randomUUID(), changes: [change], manifests: [], chunks: [chunk] };
};

describe('a live connection to the server', () => {
  it('brings what others commit, with small contents, as it happens', async () => {
    const anna = await apiOf('anna');
    await apiOf('ben');
    const { ear } = listen();
    await ear.next('connected');
    await anna.commit(file('f', 'hello'));
    const first = await ear.next('changed');
    expect(first).toMatchObject({ since: 0, changes: [{ cursor: 1, node: 'node-f' }] });
    expect(first.chunks.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['hello']);
    await anna.commit(file('g', 'again'));
    const second = await ear.next('changed', 2);
    expect(second.since).toBe(first.changes.at(-1)?.cursor);
    expect(second.epoch).toBe(first.epoch);
  });

  it('brings nothing of one’s own', async () => {
    const [anna, ben] = [await apiOf('anna'), await apiOf('ben')];
    const { ear } = listen();
    await ear.next('connected');
    await ben.commit(file('mine', 'M'));
    await anna.commit(file('theirs', 'T'));
    const first = await ear.next('changed');
    expect(first).toMatchObject({ since: 1, changes: [{ node: 'node-theirs' }] });
  });

  it('says that it is behind where a commit is too large to be told', async () => {
    const anna = await apiOf('anna');
    await apiOf('ben');
    const { ear } = listen();
    await ear.next('connected');
    const changes = Array.from({ length: 1001 }, (_, n) => {
      const place = { parent: 'root', name: `d${n}` };
      return { type: 'create', node: `n${n}`, kind: 'directory', place } as const;
    });
    await anna.commit({ key: randomUUID(), changes, manifests: [], chunks: [] });
    await ear.next('behind');
  });

  it('comes back after the server went away', async () => {
    await apiOf('ben');
    const { ear } = listen();
    await ear.next('connected');
    const port = Number(new URL(server.inside.url).port);
    await server.stop();
    await ear.next('disconnected');
    server = await memoryServer({ port });
    await apiOf('ben');
    await ear.next('connected', 2);
    const anna = await apiOf('anna');
    await anna.commit(file('f', 'after'));
    await ear.next('changed');
    expect(ear.heard.map(({ type }) => type)).toEqual([
      'connected',
      'disconnected',
      'connected',
      'changed',
    ]);
  });

  it('is not connected for one who is not registered, or has no key; and tries again', async () => {
    const { ear, live } = listen({ clientId: () => 'nobody' });
    const other = listen({ clientId: () => 'ben', apiKey: undefined });
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Told, so that whoever is not known any more introduces itself again.
    const reasons = [...ear.heard, ...other.ear.heard].map((event) => JSON.stringify(event));
    const reason = 'The client must register first.';
    expect([...new Set(reasons)]).toEqual([JSON.stringify({ type: 'disconnected', reason })]);
    await apiOf('nobody');
    await ear.next('connected');
    await live.stop();
  });

  it('stopped, it tells nothing more; twice is once', async () => {
    const anna = await apiOf('anna');
    await apiOf('ben');
    const { ear, live } = listen();
    await ear.next('connected');
    await Promise.all([live.stop(), live.stop()]);
    const before = ear.heard.length;
    await anna.commit(file('f', 'unheard'));
    await server.inside.clock.sleep(0);
    expect(ear.heard.slice(before).filter(({ type }) => type !== 'disconnected')).toEqual([]);
  });

  it('stopped while nobody answers, it ends', async () => {
    const { live } = listen({ base: 'ws://127.0.0.1:1' });
    await live.stop();
  });
});

/** Passes everything on, until it is frozen: then nothing comes through, and nobody is told. */
class FreezingProxy {
  frozen = false;
  readonly #to: number;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => this.#pass(near));

  constructor(to: number) {
    this.#to = to;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(near: Socket): void {
    const far = connect(this.#to, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => {
        if (!this.frozen) to.write(bytes);
      });
      from.on('error', () => {});
      from.on('close', () => {
        if (!this.frozen) to.destroy();
      });
    }
  }
}

describe('[E03] a connection that is open on one side only', () => {
  let proxy: FreezingProxy;
  afterEach(() => proxy.close());

  it('is ended by silence, and another one is made', async () => {
    await apiOf('ben');
    proxy = new FreezingProxy(Number(new URL(server.inside.url).port));
    const { ear } = listen({ base: await proxy.listen(), heartbeat: 50 });
    await ear.next('connected');
    proxy.frozen = true;
    await ear.next('disconnected');
    proxy.frozen = false;
    await ear.next('connected', 2);
  });

  it('can be stopped, without waiting for the other side', async () => {
    await apiOf('ben');
    proxy = new FreezingProxy(Number(new URL(server.inside.url).port));
    const { ear, live } = listen({ base: await proxy.listen() });
    await ear.next('connected');
    proxy.frozen = true;
    await live.stop();
  }, 10_000);
});

describe('[S16] what is held, and a word on it', () => {
  const ID = 'a'.repeat(12);
  const hold: ShownHold = {
    ...({ id: ID, direction: 'incoming', deed: 'delete' } as const),
    ...{ files: 30, bytes: 9, examples: ['f', 'x'.repeat(5000)] },
  };
  const held = async () => (await (await fetch(`${server.inside.url}/v1/held`)).json()).held;
  const approve = () =>
    server.post('/v1/held', { client_id: 'ben', held_by: 'ben', id: ID, verb: 'approve' });

  it('is told at once, and the word comes down', async () => {
    await apiOf('ben');
    const { ear, live } = listen();
    await ear.next('connected');
    live.tellHeld([hold]);
    await expect.poll(held).toMatchObject([{ id: ID, files: 30, examples: ['f'] }]);
    await approve();
    expect(await ear.next('word')).toEqual({ type: 'word', verbs: { [ID]: 'approve' } });
    live.tellHeld([]);
    await expect.poll(held).toEqual([]);
  });

  it('is told again after each connection, and a word that waited comes down then', async () => {
    await apiOf('ben');
    const first = listen();
    first.live.tellHeld([hold]);
    await first.ear.next('connected');
    await expect.poll(held).toMatchObject([{ id: ID }]);
    await first.live.stop();
    await approve();
    const second = listen();
    await second.ear.next('connected');
    expect(second.ear.heard).toEqual([{ type: 'connected' }]);
    second.live.tellHeld([hold]);
    expect(await second.ear.next('word')).toEqual({ type: 'word', verbs: { [ID]: 'approve' } });
  });

  it('of nothing, nothing is told, but to a server that knows of something', async () => {
    await apiOf('ben');
    const first = listen();
    first.live.tellHeld([hold]);
    await expect.poll(held).toMatchObject([{ id: ID }]);
    await first.live.stop();
    const second = listen();
    second.live.tellHeld([]);
    await expect.poll(held).toEqual([]);
  });

  it('is not told to a server that is too old to be told', async () => {
    const said: string[] = [];
    const old = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    old.on('connection', (socket) =>
      socket.on('message', (text) => {
        const { type } = JSON.parse(String(text));
        said.push(type);
        const data = { success: true, message: 'Welcome.', server_time: new Date().toISOString() };
        if (type === 'client_connect') socket.send(JSON.stringify({ type, data }));
      }),
    );
    await new Promise((resolve) => old.once('listening', resolve));
    const address = old.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { ear, live } = listen({ base: `ws://127.0.0.1:${port}`, heartbeat: 50 });
    await ear.next('connected');
    live.tellHeld([hold]);
    await expect.poll(() => said.includes('heartbeat')).toBe(true);
    expect(said).not.toContain('held');
    await live.stop();
    await new Promise((resolve) => old.close(resolve));
  });
});

describe('[E10] many that come back at once', () => {
  it('each wait longer and longer, by chance, so that they come one after another', async () => {
    const waits: number[][] = [];
    const next = random(1);
    for (let client = 0; client < 20; client += 1) {
      const slept: number[] = [];
      waits.push(slept);
      const sleep = async (ms: number): Promise<void> => {
        slept.push(ms);
        if (slept.length === 9) await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      };
      const clock = { now: () => 0, sleep };
      listen({ base: 'ws://127.0.0.1:1', clock, random: next });
    }
    await expect.poll(() => waits.every(({ length }) => length === 9)).toBe(true);
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const longest = Math.min(30_000, 250 * 2 ** attempt);
      const all = waits.map((slept) => slept[attempt] ?? 0);
      expect(Math.max(...all)).toBeLessThanOrEqual(longest);
      expect(Math.min(...all)).toBeGreaterThanOrEqual(longest / 2);
      expect(Math.max(...all) - Math.min(...all)).toBeGreaterThan(longest / 4);
    }
    lives = [];
  });

  it('are let in as many as there is room for; the others come when there is', async () => {
    await server.stop();
    server = await memoryServer({ max_connections: 2 });
    for (const id of ['anna', 'ben', 'carl']) await apiOf(id);
    const [anna, ben] = [listen({ clientId: () => 'anna' }), listen({ clientId: () => 'ben' })];
    await Promise.all([anna.ear.next('connected'), ben.ear.next('connected')]);
    const carl = listen({ clientId: () => 'carl' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(carl.ear.heard).toEqual([]);
    await anna.live.stop();
    await carl.ear.next('connected');
  });
});

describe('what the other side says', () => {
  it.each(['not JSON', '{}', '{"type":"file_changed","data":{"pushed":{"since":-1}}}', '[1]'])(
    'counts as behind where it cannot be read: %s',
    async (text) => {
      const odd = new WebSocketServer({ host: '127.0.0.1', port: 0 });
      odd.on('connection', (socket) => socket.send(text));
      await new Promise((resolve) => odd.once('listening', resolve));
      const address = odd.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const { ear, live } = listen({ base: `ws://127.0.0.1:${port}` });
      await ear.next('behind');
      await live.stop();
      await new Promise((resolve) => odd.close(resolve));
    },
  );
});
