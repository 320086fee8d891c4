import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ignorePatterns } from '../core/ignore.ts';
import { MemoryServer } from './api/memory.ts';
import type { Fault } from './disk/memory/faults.ts';
import { memoryDisk } from './disk/memory.ts';
import { HandClock } from './hand-clock.ts';
import { MemoryLive } from './live/memory.ts';
import { type Api, ApiFailure } from './ports.ts';
import { memoryState } from './state/memory.ts';
import { type Condition, Synchronizer } from './synchronizer.ts';
import { MemoryWatcher } from './watch/memory.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A synchronizer whose whole world is in memory, and whose time passes by hand. */
class Stage {
  readonly clock = new HandClock(Date.UTC(2026, 0, 1, 0, 0, 0, 123));
  readonly server = new MemoryServer();
  readonly live = new MemoryLive();
  readonly watcher = new MemoryWatcher();
  readonly conditions: Condition[] = [];
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
      observer: { conditionChanged: (condition) => void this.conditions.push(condition) },
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
      changes: (since, until) => ask('changes', () => api.changes(since, until)),
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

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(async () => {
  await stage.stop();
});

const unreachable = (after?: number): ApiFailure =>
  new ApiFailure('unreachable', 'The server is away.', {
    retry: true,
    ...(after !== undefined && { after }),
  });
const refused = (): ApiFailure => new ApiFailure('unauthorized', 'A wrong key.', { retry: false });

describe('at work', () => {
  it('brings everything in sync, then rests', async () => {
    stage.disk.user.write('mine', 'M');
    await stage.commitOfOther('theirs');
    stage.run();
    await stage.pass(SECOND);
    expect(stage.serverNames).toEqual(['mine', 'theirs']);
    expect(stage.localNames).toEqual(['mine', 'theirs']);
    expect(stage.types().slice(0, 2)).toEqual(['working', 'resting']);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });

  it('wakes when the watcher says so, and looks there only', async () => {
    await stage.start();
    stage.save('f', 'F');
    await stage.pass();
    expect(stage.serverNames).toEqual(['f']);
    expect(stage.types().slice(-2)).toEqual(['working', 'resting']);
  });

  it('what was saved while a round runs is looked at after it', async () => {
    await stage.start();
    let once = false;
    stage.fault = (step) => {
      if (step === 'read' && !once) {
        once = true;
        stage.save('second', 'S');
      }
      return undefined;
    };
    stage.save('first', 'F');
    await stage.pass();
    expect(stage.serverNames).toEqual(['first', 'second']);
  });

  it('takes what the live connection brings, without asking', async () => {
    await stage.start();
    const before = stage.asked.length;
    await stage.commitOfOther('d');
    await stage.pass();
    expect(stage.localNames).toEqual(['d']);
    expect(stage.asked.slice(before)).toEqual([]);
  });

  it('asks when it is told that it is behind, or that of which it cannot follow', async () => {
    await stage.start();
    const { clientId } = stage.synchronizer.session.state.standing;
    stage.server.listen(clientId, () => {});
    await stage.commitOfOther('missed');
    stage.live.tell({ type: 'behind' });
    await stage.pass();
    expect(stage.localNames).toEqual(['missed']);
    await stage.commitOfOther('missed too');
    stage.server.listen(clientId, (event) => stage.live.tell(event));
    await stage.commitOfOther('heard');
    await stage.pass();
    expect(stage.localNames.sort()).toEqual(['heard', 'missed', 'missed too']);
  });

  it('introduces itself again, and asks, when the live connection comes back', async () => {
    await stage.start();
    stage.server.listen(stage.synchronizer.session.state.standing.clientId, () => {});
    stage.live.tell({ type: 'disconnected', reason: 'a cut cable' });
    await stage.pass();
    expect(stage.synchronizer.connected).toBe(false);
    await stage.commitOfOther('meanwhile');
    const before = stage.asked.length;
    stage.live.tell({ type: 'connected' });
    await stage.pass();
    expect(stage.synchronizer.connected).toBe(true);
    expect(stage.localNames).toEqual(['meanwhile']);
    expect(stage.asked.slice(before).map(({ call }) => call)).toEqual(['register', 'changes']);
  });

  it('without a live connection it asks every half minute', async () => {
    stage.run();
    await stage.pass(SECOND);
    await stage.commitOfOther('d');
    await stage.pass(31 * SECOND);
    expect(stage.localNames).toEqual(['d']);
  });

  it('has the watcher begin anew when the patterns change', async () => {
    await stage.start();
    stage.disk.user.write('.syncignore', '*.log');
    stage.disk.user.write('a.log', 'L');
    stage.watcher.dirty([]);
    await stage.pass(SECOND);
    expect(stage.rewatched).toHaveLength(1);
    expect(stage.serverNames).toEqual(['.syncignore']);
  });

  it('[S11] tries a path with a problem again after half a minute, though nobody says so', async () => {
    await stage.start();
    stage.fault = (step) => (step === 'makeDirectory' ? 'denied' : undefined);
    await stage.commitOfOther('d');
    await stage.pass();
    expect(stage.localNames).toEqual([]);
    stage.fault = () => undefined;
    await stage.pass(29 * SECOND);
    expect(stage.localNames).toEqual([]);
    await stage.pass(2 * SECOND);
    expect(stage.localNames).toEqual(['d']);
  });
});

describe('lost events cost latency only', () => {
  it('everything is looked at every half hour', async () => {
    await stage.start();
    stage.disk.user.write('unseen', 'U');
    await stage.pass(28 * MINUTE);
    expect(stage.serverNames).toEqual([]);
    await stage.pass(3 * MINUTE);
    expect(stage.serverNames).toEqual(['unseen']);
  });

  it('[C33] every half minute where not everything can be watched', async () => {
    await stage.start();
    stage.watcher.degraded = true;
    stage.disk.user.write('unseen', 'U');
    await stage.pass(61 * SECOND);
    expect(stage.serverNames).toEqual(['unseen']);
  });

  it('[C32] at once where the watcher says that it lost some', async () => {
    await stage.start();
    stage.disk.user.write('d/deep/unseen', 'U');
    stage.watcher.lose();
    await stage.pass();
    expect(stage.serverNames).toEqual(['d', 'deep', 'unseen']);
  });

  it('[C12] the half hour is measured again after the clock was set back', async () => {
    await stage.start();
    stage.clock.jump(-365 * 24 * 60 * MINUTE);
    stage.disk.user.write('unseen', 'U');
    await stage.pass(31 * SECOND);
    expect(stage.serverNames).toEqual(['unseen']);
  });

  it('a quiet hour costs little: nothing is asked, and nothing but the root looked at', async () => {
    for (let n = 0; n < 50; n += 1) stage.disk.user.write(`d${n}/f`, `content ${n}`);
    await stage.start();
    await stage.pass(10 * MINUTE);
    const [asked, steps] = [stage.asked.length, stage.steps.length];
    await stage.pass(15 * MINUTE);
    expect(stage.asked.length - asked).toBe(0);
    expect(stage.steps.length - steps).toBeLessThan(31 * 4);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });

  it('[C01] a file that is written to all the time does not make it run hot', async () => {
    await stage.start();
    let lines = 0;
    stage.fault = (step, path) => {
      if (step === 'read' && path[0] === 'log') {
        lines += 1;
        stage.save('log', `line ${lines}`);
      }
      return undefined;
    };
    stage.save('log', 'line 0');
    stage.save('other', 'O');
    await stage.pass(10 * SECOND);
    expect(stage.serverNames).toEqual(['other']);
    const before = lines;
    await stage.pass(10 * SECOND);
    expect(lines - before).toBeLessThan(200);
    stage.fault = () => undefined;
    await stage.pass(10 * SECOND);
    expect(stage.serverNames).toEqual(['log', 'other']);
  });
});

describe('the server is away', () => {
  it('is asked again, less and less often, at least every half minute; then all is repaired', async () => {
    stage.failure = unreachable();
    stage.disk.user.write('f', 'F');
    stage.run();
    await stage.pass(5 * MINUTE);
    const tries = stage.asked.map(({ at }) => at);
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    // A new file is looked for once more, so the waits are some milliseconds longer at most.
    expect(waits.slice(0, 8).map((ms) => Math.round(ms / 200) * 200)).toEqual([
      400, 800, 1600, 3200, 6400, 12800, 25600, 30000,
    ]);
    expect(Math.max(...waits)).toBeLessThan(31 * SECOND);
    expect(stage.synchronizer.condition).toEqual({
      type: 'offline',
      reason: 'The server is away.',
    });
    stage.failure = undefined;
    await stage.pass(31 * SECOND);
    expect(stage.serverNames).toEqual(['f']);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });

  it('[E09] is left alone for as long as it asks, whatever is saved meanwhile', async () => {
    await stage.start();
    stage.failure = unreachable(20 * SECOND);
    stage.save('f', 'F');
    await stage.pass();
    const before = stage.asked.length;
    for (let turn = 0; turn < 19; turn += 1) {
      stage.save('f', `F ${turn}`);
      await stage.pass(SECOND);
    }
    expect(stage.asked).toHaveLength(before);
    stage.failure = undefined;
    await stage.pass(2 * SECOND);
    expect(stage.serverNames).toEqual(['f']);
  });

  it('what does not hold still when it goes away is not forgotten', async () => {
    await stage.start();
    stage.live.tell({ type: 'disconnected', reason: 'a cut cable' });
    await stage.pass();
    stage.failure = unreachable();
    let writes = 0;
    stage.fault = (step, path) => {
      if (step === 'read' && path[0] === 'f' && writes < 6) {
        writes += 1;
        stage.disk.user.write('f', `F ${writes}`);
      }
      return undefined;
    };
    stage.save('f', 'F');
    await stage.pass();
    stage.failure = undefined;
    await stage.pass(MINUTE);
    expect(stage.serverNames).toEqual(['f']);
  });

  it('a key that is refused halts it; once it is taken again, it goes on', async () => {
    await stage.start();
    stage.failure = refused();
    stage.save('f', 'F');
    await stage.pass();
    expect(stage.synchronizer.condition).toEqual({ type: 'halted', reason: 'A wrong key.' });
    stage.failure = undefined;
    await stage.pass(MINUTE);
    expect(stage.serverNames).toEqual(['f']);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });
});

describe('[S6] the directory is not the one', () => {
  it('halts and deletes nothing; goes on once it is there again', async () => {
    stage.disk.user.write('f', 'F');
    await stage.start();
    const mount = stage.disk.volume.unmount();
    await stage.pass(31 * SECOND);
    expect(stage.synchronizer.condition).toMatchObject({ type: 'halted' });
    expect(stage.serverNames).toEqual(['f']);
    expect(stage.localNames).toEqual([]);
    mount();
    stage.disk.user.write('g', 'G');
    await stage.pass(6 * SECOND);
    expect(stage.serverNames).toEqual(['f', 'g']);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
  });

  it('[B01] also where it goes away in the middle of a round', async () => {
    stage.disk.user.write('d/f', 'F');
    await stage.start();
    let mount = (): void => {};
    stage.fault = (step) => {
      if (step === 'list') {
        stage.fault = () => undefined;
        mount = stage.disk.volume.unmount();
        stage.disk.volume.setRoot(undefined);
      }
      return undefined;
    };
    stage.watcher.dirty(['d']);
    await stage.pass(SECOND);
    expect(stage.synchronizer.condition).toMatchObject({ type: 'halted' });
    expect(stage.serverNames).toEqual(['d', 'f']);
    mount();
    await stage.pass(6 * SECOND);
    expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
    expect(stage.serverNames).toEqual(['d', 'f']);
  });

  it.each(['denied', 'unreadable'] as const)(
    'a disk that is %s for a while ends nothing',
    async (problem) => {
      await stage.start();
      stage.fault = () => problem;
      stage.save('f', 'F');
      await stage.pass(20 * SECOND);
      expect(stage.synchronizer.condition).toEqual({
        type: 'halted',
        reason: `The directory cannot be used now (.: ${problem}).`,
      });
      stage.fault = () => undefined;
      await stage.pass(6 * SECOND);
      expect(stage.serverNames).toEqual(['f']);
      expect(stage.synchronizer.condition).toEqual({ type: 'resting' });
    },
  );
});

describe('stopping', () => {
  it('ends at once where nothing is under way', async () => {
    await stage.start();
    await stage.stop();
    expect(stage.clock.sleepers).toBe(0);
  });

  it('twice is once, and before it runs it never begins', async () => {
    stage.synchronizer.stop();
    stage.synchronizer.stop();
    stage.run();
    await stage.ended;
    expect(stage.asked).toEqual([]);
  });

  it('ends the waiting for a server that is away', async () => {
    stage.failure = unreachable();
    stage.run();
    await stage.pass(10 * SECOND);
    await stage.stop();
    expect(stage.clock.sleepers).toBe(0);
  });

  it('lets a round that is under way finish, and what it did is recorded', async () => {
    await stage.start();
    let open = (): void => {};
    stage.gate = new Promise((resolve) => {
      open = resolve;
    });
    stage.save('f', 'F');
    await stage.pass();
    let hasEnded = false;
    void stage.ended.then(() => {
      hasEnded = true;
    });
    stage.synchronizer.stop();
    await stage.pass(MINUTE);
    expect(hasEnded).toBe(false);
    open();
    await stage.ended;
    expect(stage.serverNames).toEqual(['f']);
    const { state } = stage.synchronizer.session;
    expect(state.changed()).toEqual([]);
    expect(state.synced.find('root', 'f')).toBeDefined();
  });

  it('hears nothing afterwards', async () => {
    await stage.start();
    await stage.stop();
    const before = stage.conditions.length;
    stage.save('f', 'F');
    await stage.commitOfOther('d');
    await stage.pass(MINUTE);
    expect(stage.conditions).toHaveLength(before);
    expect(stage.localNames).toEqual(['f']);
  });
});
