import type { Failure } from '../../src/protocol/failure.ts';
import { DEFAULT_RETENTION, tiersOf } from '../../src/protocol/retention.ts';
import { createAccess } from '../../src/server/access.ts';
import type { AppParts } from '../../src/server/app.ts';
import { createBrowserSessions } from '../../src/server/browser-sessions.ts';
import { type Committed, createCommitter } from '../../src/server/commit.ts';
import { guardReads } from '../../src/server/guard-reads.ts';
import { announcementOf, behindFrame } from '../../src/server/live/announcement.ts';
import { createLog } from '../../src/server/log.ts';
import { MemoryMetadata } from '../../src/server/metadata/memory.ts';
import type { MemoryFolder } from '../../src/server/metadata/memory-transaction.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { memoryNotifier } from '../../src/server/notifier/memory.ts';
import { memoryObjects } from '../../src/server/objects/memory.ts';
import { ChunkRotten } from '../../src/server/pack-read.ts';
import { createPacks } from '../../src/server/packs.ts';
import {
  type Clock,
  type MetadataStore,
  ObjectFailure,
  type ObjectStore,
} from '../../src/server/ports.ts';
import { createQuarantine } from '../../src/server/quarantine.ts';
import { recheckQuarantine } from '../../src/server/recheck-quarantine.ts';
import { createScrub } from '../../src/server/scrub.ts';
import { type Swept, sweep } from '../../src/server/sweep.ts';
import { thinHistory } from '../../src/server/thin-history.ts';
import { copyStored, type Stored } from './copy.ts';
import type { Dice } from './dice.ts';
import { Life, never } from './life.ts';
import { type Answered, type Asked, Router } from './router.ts';
import type { Scheduler } from './scheduler.ts';

const FOLDER = 'default';
const log = createLog({ sinks: [] });
const metrics = createMetrics();
const access = createAccess([]);
const config = {
  history_retention: null,
  history_retention_days: null,
  scrub_days: null,
  heartbeat_interval: 30,
  max_connections: 1_000,
  max_messages_per_second: 100,
};

/** Somebody's live connection, as the server knows it. */
export interface Listener {
  readonly clientId: string;
  /** The text of a frame. */
  readonly tell: (frame: Buffer) => void;
  /** A newer connection of the same client has taken its place. */
  readonly replaced: () => void;
}

export interface ServerParts {
  readonly scheduler: Scheduler;
  /** Of the server's machine. */
  readonly now: () => number;
  readonly dice: Dice;
  /** Storing takes time. */
  readonly isSlow: boolean;
  /** Its disk rots, so all that is stored is read now and then. */
  readonly isScrubbed: boolean;
  /** It did something wrong by itself. */
  readonly onFault: (fault: string) => void;
}

/** The real server over a database and an object store that outlive it; it may be killed at any step. */
export class Server {
  stored: Stored = { database: new Map(), objects: memoryObjects() };
  /** Asked before and after each step of its stores; what it throws is what the store threw. */
  meanwhile: (step: string) => void = () => undefined;
  process: ServerProcess | undefined;
  /** Milliseconds that its clock has jumped. */
  ahead = 0;
  /** Chunks that may have rotted. */
  readonly rotted = new Set<string>();
  /** What rotted, as it was. */
  readonly #good = new Map<string, Uint8Array>();
  #epochs = 0;
  #ids = 0;
  readonly parts: ServerParts;
  #backup: Stored | undefined;

  constructor(parts: ServerParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    if (this.process !== undefined) return;
    this.#epochs += 1;
    const process = new ServerProcess(this);
    await new MemoryMetadata(this.stored.database).openFolder(FOLDER, `epoch-${this.#epochs}`);
    this.process = process;
    if (this.parts.isScrubbed) process.scrub();
  }

  /** Nothing has happened to this pack yet. */
  isGood(pack: string): boolean {
    return !this.#good.has(pack);
  }

  /** Before it does. */
  rots(pack: string, chunks: readonly { readonly hash: string }[]): void {
    this.#good.set(pack, this.stored.objects.bytesOf(pack));
    for (const { hash } of chunks) this.rotted.add(hash);
  }

  /** As a person does who has a copy of the packs: what is in quarantine can be read again. */
  async putBack(): Promise<void> {
    const { objects } = this.stored;
    objects.unreadable.clear();
    for (const [pack, bytes] of this.#good) {
      await objects.delete(pack);
      // One that was told to fail the next time fails here, and is tried again.
      while (!(await isDone(objects.put(pack, bytes))));
    }
    void this.#recheck();
  }

  /** Takes time, which passes only when nobody waits for this; and again where the database was told to fail. */
  async #recheck(): Promise<void> {
    for (let tries = 0; tries < 10; tries += 1)
      if (this.process === undefined || (await isDone(this.process.recheck()))) return;
  }

  /** Never given before, by no process of it. */
  newId(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }

  now(): number {
    return this.parts.now() + this.ahead;
  }

  kill(): void {
    const { process } = this;
    this.process = undefined;
    process?.life.end();
  }

  async backUp(): Promise<void> {
    this.#backup = await copyStored(this.stored);
  }

  /** While it is down. Under another name than the one that the clients know, unless it is done by hand. */
  async restore(isByHand: boolean): Promise<void> {
    if (this.#backup === undefined) return;
    this.#epochs += 1;
    const epoch = isByHand ? undefined : `epoch-${this.#epochs}`;
    this.stored = await copyStored(this.#backup, epoch);
  }

  get folder(): MemoryFolder | undefined {
    return this.stored.database.get(FOLDER);
  }

  async *contentOf(hashes: readonly string[]): AsyncGenerator<Uint8Array> {
    const places = hashes.flatMap((hash) => this.folder?.chunks.get(hash) ?? []);
    if (places.length < hashes.length) throw new Error('a chunk is not stored');
    const packs = createPacks({ objects: this.stored.objects, newName: () => 'none' });
    for await (const { bytes } of packs.read(places)) yield bytes;
  }
}

interface Thinned {
  /** Versions that are kept no more. */
  readonly thinned: number;
}

/** From its start to its end. */
export class ServerProcess {
  readonly life = new Life();
  readonly listeners = new Set<Listener>();
  readonly metadata: MetadataStore;
  readonly #router: Router;
  readonly #sweep: () => Promise<Swept & Thinned>;
  /** As the upkeep does at times. */
  readonly recheck: () => Promise<void>;
  /** Reads all that is stored, each hour. */
  readonly scrub: () => void;
  readonly #onFault: (fault: string) => void;

  constructor(server: Server) {
    const { parts, stored } = server;
    const clock: Clock = {
      now: () => server.now(),
      sleep: (ms, signal) => this.life.bounded(() => parts.scheduler.sleep(ms, signal)),
    };
    const run = stepsOf(server, this.life);
    const metadata = steps(new MemoryMetadata(stored.database), run, [
      'transaction',
      'addChunks',
      'dropUnused',
      'removeVersions',
    ]);
    const objects = steps(stored.objects, run, ['put', 'get', 'delete']);
    this.metadata = metadata;
    const view = { metadata, folder: FOLDER, clock, log };
    const onTaken = (): void => this.#urge(server.now());
    const quarantine = createQuarantine({ ...view, metrics, onTaken });
    const newId = (): string => server.newId();
    const rawPacks = createPacks({ objects, newName: newId });
    const packs = guardReads(rawPacks, quarantine);
    const limits = { maxFileSize: 1e9, allowedExtensions: undefined };
    const onCommitted = (committed: Committed): void => this.#tell(committed, server.now());
    const notifier = memoryNotifier();
    const committer = createCommitter({ ...view, packs, notifier, limits, onCommitted });
    const ports = { ...view, packs, committer, newId };
    const facts = { version: '1.2.3', startedAt: server.now() };
    const live = {
      joined: () => {},
      isOnline: () => false,
      held: () => [],
      giveWord: () => false,
      reached: () => undefined,
      wantApplied: () => {},
      dismiss: async () => {},
      connections: 0,
    };
    const sessions = createBrowserSessions({ clock, newToken: newId });
    const told = { access, sessions, config, log, metrics, audit: { record: () => {} } };
    const app: AppParts = { ...ports, ...told, ...facts, live, quarantine, limits };
    const tiers = tiersOf(DEFAULT_RETENTION);
    this.#sweep = async () => {
      const thinned = await thinHistory({ ...view, tiers });
      return { thinned, ...(await sweep({ ...view, objects, packs })) };
    };
    this.recheck = () => recheckQuarantine({ ...view, stored: rawPacks });
    this.scrub = () => createScrub({ ...view, packs, quarantine, days: 1 / 24 }).run();
    this.#onFault = parts.onFault;
    this.#router = new Router(app, (failure) => this.#failed(failure, parts));
  }

  /** Rejects when it ends before it has answered. */
  ask(asked: Asked): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.life.onEnd(() => reject(new Error('the connection was reset')));
      this.#router.ask(asked).then(resolve, reject);
    });
  }

  /** As the upkeep does, which tries again later when it fails. */
  async sweep(onSwept: (swept: Swept & Thinned) => void): Promise<void> {
    try {
      const swept = await this.#sweep();
      if (!this.life.isOver) onSwept(swept);
    } catch (error) {
      if (error instanceof ObjectFailure || error instanceof ChunkRotten) return;
      this.#onFault(`a sweep failed by itself: ${error instanceof Error ? error.stack : error}`);
    }
  }

  #tell(committed: Committed, now: number): void {
    if (this.life.isOver) return;
    const announcement = announcementOf(committed, now);
    if (announcement === undefined) return;
    for (const { clientId, tell } of this.listeners) {
      if (clientId !== announcement.clientId) tell(announcement.engine());
    }
  }

  /** Everybody is told to ask. */
  #urge(now: number): void {
    if (this.life.isOver) return;
    for (const { tell } of this.listeners)
      tell(behindFrame({ cursor: 0, clientId: 'server', now }));
  }

  #failed(failure: Failure, { scheduler, onFault }: ServerParts): void {
    scheduler.note(`server fails ${failure.code}`);
    const { cause } = failure;
    if (failure.code !== 'internal' || cause instanceof ObjectFailure) return;
    onFault(`the server failed by itself: ${cause instanceof Error ? cause.stack : cause}`);
  }
}

type Run = <T>(name: string, step: () => Promise<T>) => Promise<T>;

/** Each step may take its time, fail, or be the last. */
function stepsOf(server: Server, life: Life): Run {
  const { scheduler, dice, isSlow } = server.parts;
  return async (name, step) => {
    if (life.isOver) return await never();
    if (isSlow && dice.chance(0.3)) await scheduler.sleep(1 + dice.under(60));
    return await life.bounded(async () => {
      server.meanwhile(`before ${name}`);
      if (life.isOver) return await never();
      const value = await step();
      server.meanwhile(`after ${name}`);
      return value;
    });
  };
}

/** The same store, of which these methods are steps. */
function steps<T extends ObjectStore | MetadataStore>(
  store: T,
  run: Run,
  names: readonly string[],
): T {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = (...args: unknown[]) => value.apply(target, args);
      if (!names.includes(String(name))) return call;
      return (...args: unknown[]) => run(String(name), async () => await call(...args));
    },
  });
}

const isDone = (step: Promise<void>): Promise<boolean> =>
  step.then(
    () => true,
    () => false,
  );
