import { MemoryServer } from '../../src/client/api/memory.ts';
import type { Verbs } from '../../src/client/breaker.ts';
import type { Fault } from '../../src/client/disk/memory/faults.ts';
import { memoryDisk } from '../../src/client/disk/memory.ts';
import { HandClock } from '../../src/client/hand-clock.ts';
import { MemoryLive } from '../../src/client/live/memory.ts';
import { type Api, ApiFailure } from '../../src/client/ports.ts';
import { memoryState } from '../../src/client/state/memory.ts';
import { type Condition, Synchronizer } from '../../src/client/synchronizer.ts';
import { MemoryWatcher } from '../../src/client/watch/memory.ts';
import { ignorePatterns } from '../../src/core/ignore.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/** A synchronizer whose whole world is in memory, and whose time passes by hand. */
export class Stage {
  readonly clock = new HandClock(Date.UTC(2026, 0, 1, 0, 0, 0, 123));
  readonly server = new MemoryServer();
  readonly live = new MemoryLive();
  readonly watcher = new MemoryWatcher();
  readonly conditions: Condition[] = [];
  /** Given elsewhere. */
  readonly words: Verbs[] = [];
  readonly rewatched: string[] = [];
  readonly steps: string[] = [];
  /** When the server was asked for what, since the beginning. */
  readonly asked: { readonly call: string; readonly at: number }[] = [];
  fault: Fault = () => undefined;
  failure: ApiFailure | undefined;
  /** Where set, answers to commits wait for it. */
  gate: Promise<void> | undefined;
  readonly disk = memoryDisk({
    clock: this.clock,
    faults: {
      fault: (step, path) => {
        this.steps.push(step);
        return this.fault(step, path);
      },
    },
  });
  readonly other = this.server.api('other', 'Other');
  readonly synchronizer: Synchronizer;
  #ids = 0;
  #running: Promise<void> | undefined;
  readonly #begin = this.clock.now();

  constructor() {
    const watcher = Object.assign(this.watcher, {
      rewatch: (reason: string) => void this.rewatched.push(reason),
    });
    const newId = (): string => {
      this.#ids += 1;
      return `id-${this.#ids}`;
    };
    const state = memoryState({ newId });
    this.synchronizer = new Synchronizer({
      disk: this.disk,
      state,
      clock: this.clock,
      newId,
      watcher,
      live: this.live,
      api: this.#api(state.standing.clientId),
      random: () => 1,
      observer: {
        conditionChanged: (condition) => void this.conditions.push(condition),
        wordGiven: (verbs) => void this.words.push(verbs),
      },
      options: {
        settings: { clientName: 'Anna', syncRoot: '/anna', ignorePatterns: [], system: 'linux' },
        ignore: ignorePatterns([]),
        listener: { happened: () => {}, progressed: () => {} },
      },
    });
    this.server.listen(state.standing.clientId, (event) => this.live.tell(event));
  }

  #api(clientId: string): Api {
    const api = this.server.api(clientId, 'Anna');
    const ask = async <T>(call: string, answer: () => Promise<T>): Promise<T> => {
      this.asked.push({ call, at: this.clock.now() - this.#begin });
      if (this.failure !== undefined) throw this.failure;
      return await answer();
    };
    return {
      ...api,
      register: (client) => ask('register', () => api.register(client)),
      changes: (since, until, known) => ask('changes', () => api.changes(since, until, known)),
      commit: (offer) =>
        ask('commit', async () => {
          await this.gate;
          return await api.commit(offer);
        }),
    };
  }

  /** Runs, connected, until it rests for the first time. */
  async start(): Promise<void> {
    this.run();
    await this.pass(SECOND);
    this.live.tell({ type: 'connected' });
    await this.pass(SECOND);
  }

  run(): void {
    this.#running = this.synchronizer.run();
  }

  get ended(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  async stop(): Promise<void> {
    this.synchronizer.stop();
    await this.ended;
  }

  /** Lets everything happen that needs no time, then time pass. */
  async pass(ms = 0): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setImmediate(done));
    await this.clock.advance(ms);
    for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setImmediate(done));
  }

  /** Somebody saves a file, and the watcher sees it. */
  save(name: string, content: string): void {
    this.disk.user.write(name, content);
    this.watcher.dirty([]);
  }

  async commitOfOther(name: string): Promise<void> {
    const place = { parent: 'root', name };
    const key = `key of ${name}`;
    const change = { type: 'create', node: `other-${name}`, kind: 'directory', place } as const;
    await this.other.commit({ key, changes: [change], manifests: [], chunks: [] });
  }

  get serverNames(): string[] {
    return [...this.server.tree.entries()].map(([, { name }]) => name).sort();
  }

  get localNames(): string[] {
    return [...this.disk.user.snapshot().keys()].filter((path) => !path.startsWith('.syncer'));
  }

  types(): string[] {
    return this.conditions.map(({ type }) => type);
  }
}

export const unreachable = (after?: number): ApiFailure =>
  new ApiFailure('unreachable', 'The server is away.', {
    retry: true,
    ...(after !== undefined && { after }),
  });
export const refused = (): ApiFailure =>
  new ApiFailure('unauthorized', 'A wrong key.', { retry: false });
