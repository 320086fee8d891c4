import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpApi } from '../../src/client/api/http.ts';
import { nodeDisk } from '../../src/client/disk/node.ts';
import { openSession, type Session } from '../../src/client/session.ts';
import { openSqliteState } from '../../src/client/state/sqlite/open.ts';
import { syncOnce } from '../../src/client/sync.ts';
import { ignorePatterns } from '../../src/core/ignore.ts';
import { checkServerConfig } from '../../src/protocol/check-config.ts';
import { createLog } from '../../src/server/log.ts';
import { openSqliteMetadata } from '../../src/server/metadata/sqlite/store.ts';
import { memoryNotifier } from '../../src/server/notifier/memory.ts';
import { filesystemObjects } from '../../src/server/objects/filesystem.ts';
import { startServer } from '../../src/server/start-server.ts';
import { counts } from './count.ts';

/** What something cost, in numbers that are the same on every machine. */
export interface Cost {
  requests: number;
  /** Bytes of bodies, unpacked. */
  up: number;
  down: number;
  /** Files and directories made durable, one by one. */
  syncs: number;
  /** Of both databases together; the transactions are those that were committed. */
  statements: number;
  transactions: number;
}

/** The server, and clients whose rounds are made by hand: on real disks, over real databases, over HTTP. */
export class World {
  readonly #directory = mkdtempSync(join(tmpdir(), 'syncer-costs-'));
  readonly #wire = { requests: 0, up: 0, down: 0 };
  readonly #clients: Session[] = [];
  #url = '';
  #stop: () => Promise<void> = async () => {};

  async start(): Promise<void> {
    const { config } = checkServerConfig({ host: '127.0.0.1', port: 0 });
    if (config === undefined) throw new Error('The defaults are a configuration.');
    const at = join(this.#directory, 'server');
    mkdirSync(at);
    const metadata = await openSqliteMetadata({ path: join(at, 'metadata.sqlite') });
    const objects = await filesystemObjects(join(at, 'objects'));
    const openStorage = async () => ({
      ...{ metadata, objects, notifier: memoryNotifier() },
      close: () => metadata.close(),
    });
    const running = await startServer(config, { openStorage, log: createLog({ sinks: [] }) });
    this.#url = running.url;
    this.#stop = running.stop;
  }

  async end(): Promise<void> {
    for (const { state } of this.#clients) state.close();
    await this.#stop();
    rmSync(this.#directory, { recursive: true });
  }

  directoryOf(name: string): string {
    return join(this.#directory, name);
  }

  /** Of a client that starts: a second time, it is the same one again. */
  open(name: string): Session {
    const directory = this.directoryOf(name);
    mkdirSync(directory, { recursive: true });
    const path = join(this.#directory, `${name}.state`, 'state.sqlite');
    const state = openSqliteState({ path, newId: randomUUID });
    const api = httpApi({
      base: this.#url,
      apiKey: undefined,
      clientId: () => state.standing.clientId,
      epoch: () => state.standing.epoch,
      fetch: (url, init) => this.#fetch(url, init),
    });
    const clock = { now: Date.now, sleep };
    const disk = nodeDisk({ root: directory, now: Date.now });
    const session = openSession(
      { disk, api, state, clock, newId: randomUUID },
      {
        settings: { clientName: name, syncRoot: directory, ignorePatterns: [], system: 'linux' },
        listener: { happened: () => {}, progressed: () => {} },
        ignore: ignorePatterns([]),
        alsoDirty: (where) => where,
        ignoreChanged: () => {},
      },
    );
    this.#clients.push(session);
    return session;
  }

  /** Rounds, until one has nothing to do. */
  async settle(session: Session): Promise<void> {
    for (let round = 0; round < 20; round += 1) if (await this.round(session)) return;
    throw new Error(`It does not come to rest: ${JSON.stringify(session.problems.all())}`);
  }

  /** One round that looks at everything; whether nothing was left to do. */
  async round(session: Session): Promise<boolean> {
    // Looks of what was written to just now are not to be trusted: that would be counted now and then only.
    await sleep(30);
    session.behind = true;
    const { rest, dirty } = await syncOnce(session, 'everything');
    return rest && dirty.length === 0;
  }

  async costOf(act: () => Promise<unknown>): Promise<Cost> {
    const before = this.#sum();
    await act();
    const after = this.#sum();
    const spent = (key: keyof Cost): number => after[key] - before[key];
    return {
      ...{ requests: spent('requests'), up: spent('up'), down: spent('down') },
      ...{ syncs: spent('syncs'), statements: spent('statements') },
      transactions: spent('transactions'),
    };
  }

  #sum(): Cost {
    return { ...this.#wire, ...counts };
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    this.#wire.requests += 1;
    this.#wire.up += lengthOf(init.body);
    const { body, status, headers } = await fetch(url, init);
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform: (piece, controller) => {
        this.#wire.down += piece.length;
        controller.enqueue(piece);
      },
    });
    return new Response(body?.pipeThrough(count) ?? null, { status, headers });
  }
}

function lengthOf(body: RequestInit['body']): number {
  if (body === undefined || body === null) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (body instanceof Uint8Array) return body.length;
  throw new Error('A body of another kind is not counted.');
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
