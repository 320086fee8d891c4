import { WebSocket } from 'ws';
import { checkServerConfig } from '../src/protocol/check-config.ts';
import { memoryClock } from '../src/server/clock-memory.ts';
import { createLog } from '../src/server/log.ts';
import { type MemoryDatabase, MemoryMetadata } from '../src/server/metadata/memory.ts';
import { memoryNotifier } from '../src/server/notifier/memory.ts';
import { type MemoryObjects, memoryObjects } from '../src/server/objects/memory.ts';
import { startServer } from '../src/server/start-server.ts';
import { START } from './memory-app.ts';

/** What several servers share: each has a store of its own on one database. */
export interface Shared {
  readonly database: MemoryDatabase;
  readonly objects: MemoryObjects;
}

/** A whole server that listens, with everything in memory and a clock that is moved by hand. */
export async function memoryServer(
  settings: Readonly<Record<string, unknown>> = {},
  { database = new Map(), objects = memoryObjects() }: Partial<Shared> = {},
) {
  const { config, faults } = checkServerConfig({ host: '127.0.0.1', port: 0, ...settings });
  if (config === undefined) throw new Error(JSON.stringify(faults));
  const metadata = new MemoryMetadata(database);
  const notifier = memoryNotifier();
  const clock = memoryClock(START);
  const lines: string[] = [];
  const storage = { metadata, notifier, objects, close: () => metadata.close() };
  const running = await startServer(config, {
    openStorage: async () => storage,
    log: createLog({ isVerbose: true, sinks: [(line) => lines.push(line)] }),
    clock,
  });
  return new MemoryServer({ ...running, metadata, notifier, objects, clock, lines });
}

interface Inside {
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly metadata: MemoryMetadata;
  readonly notifier: ReturnType<typeof memoryNotifier>;
  readonly objects: MemoryObjects;
  readonly clock: ReturnType<typeof memoryClock>;
  /** Of the log. */
  readonly lines: readonly string[];
}

export class MemoryServer {
  readonly inside: Inside;
  readonly #clients: PlainClient[] = [];

  constructor(inside: Inside) {
    this.inside = inside;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.socket.terminate();
    await this.inside.stop();
  }

  /** What a bad disk does to a chunk, and somebody who reads it finds out. */
  async rot(hash: string, apiKey = ''): Promise<void> {
    await this.#damage(hash);
    const body = JSON.stringify({ hashes: [hash] });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
    const url = `${this.inside.url}/v1/chunks/fetch`;
    const answer = await fetch(url, { method: 'POST', headers, body });
    if ((await answer.arrayBuffer()).byteLength > 0) throw new Error(`${hash} did not rot`);
  }

  async #damage(hash: string): Promise<void> {
    const [place] = await this.inside.metadata.chunkPlaces('default', [hash]);
    if (place === undefined) throw new Error(`${hash} is not stored`);
    this.inside.objects.damage(place.pack, (bytes) =>
      bytes.map((byte, at) => (at === place.offset ? byte ^ 1 : byte)),
    );
  }

  get wsUrl(): string {
    return this.inside.url.replace('http', 'ws');
  }

  /** A WebSocket that says nothing by itself. */
  async open(id: string, options: { readonly headers?: Record<string, string> } = {}) {
    const client = new PlainClient(id, new WebSocket(`${this.wsUrl}/ws/${id}`, options));
    this.#clients.push(client);
    await client.opened;
    return client;
  }

  /** Registered, connected and welcome; with a protocol version for a client of the engine's. */
  async connect(id: string, more: Readonly<Record<string, unknown>> = {}): Promise<PlainClient> {
    await this.register(id);
    const client = await this.open(id);
    client.introduce(more);
    await client.next('client_connect');
    return client;
  }

  register(id: string): Promise<Response> {
    return this.post('/register', { client_id: id, name: nameOf(id), sync_root: `/home/${id}` });
  }

  post(path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const text = JSON.stringify(body);
    return fetch(`${this.inside.url}${path}`, { method: 'POST', headers, body: text });
  }

  async upload(id: string, path: string, content: string): Promise<void> {
    const body = new FormData();
    body.set('client_id', id);
    body.set('relative_path', path);
    body.set('file', new File([content], 'file'));
    const answer = await fetch(`${this.inside.url}/upload`, { method: 'POST', body });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

const nameOf = (id: string): string => `${id.charAt(0).toUpperCase()}${id.slice(1)}`;

export interface Message {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly client_id: string;
  readonly timestamp: string;
}

/** A WebSocket that remembers what it was told. */
export class PlainClient {
  readonly id: string;
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  /** What nobody has asked for so far, in order. */
  readonly messages: Message[] = [];
  /** As they came. */
  readonly texts: string[] = [];
  #wake = (): void => {};

  constructor(id: string, socket: WebSocket) {
    this.id = id;
    this.socket = socket;
    this.opened = new Promise((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
      socket.once('unexpected-response', (_, { statusCode }) => reject(new Error(`${statusCode}`)));
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    socket.on('error', () => {});
    socket.on('message', (data) => {
      this.texts.push(String(data));
      this.messages.push(JSON.parse(String(data)));
      this.#wake();
    });
  }

  introduce(more: Readonly<Record<string, unknown>> = {}): void {
    const data = {
      client_id: this.id,
      client_name: nameOf(this.id),
      sync_root: `/home/${this.id}`,
    };
    this.send('client_connect', { ...data, ...more });
  }

  send(type: string, data: unknown = {}): void {
    const timestamp = new Date(START).toISOString();
    this.socket.send(JSON.stringify({ type, data, client_id: this.id, timestamp }));
  }

  /** The oldest message of this type that was not asked for yet; waits for one. */
  async next(type: string): Promise<Message> {
    for (;;) {
      const at = this.messages.findIndex((message) => message.type === type);
      const [found] = at < 0 ? [] : this.messages.splice(at, 1);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The types of all that came before the answer to a question that is asked now. */
  async typesSoFar(): Promise<string[]> {
    this.send('client_connect', {});
    await this.next('error');
    return this.messages.map(({ type }) => type);
  }
}
