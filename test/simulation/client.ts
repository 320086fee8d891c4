import { httpApi } from '../../src/client/api/http.ts';
import type { Hold } from '../../src/client/breaker.ts';
import type { Fault } from '../../src/client/disk/memory/faults.ts';
import type { DirectoryInode } from '../../src/client/disk/memory/inode.ts';
import { type CopiedAs, MemoryVolume } from '../../src/client/disk/memory/memory-volume.ts';
import { type MemoryDisk, memoryDisk } from '../../src/client/disk/memory.ts';
import type { Api, ClientState, Clock } from '../../src/client/ports.ts';
import { MemoryStateFile, type StateCall } from '../../src/client/state/memory.ts';
import { Synchronizer } from '../../src/client/synchronizer.ts';
import { MemoryWatcher } from '../../src/client/watch/memory.ts';
import type { Limits } from '../../src/core/danger.ts';
import { ignorePatterns } from '../../src/core/ignore.ts';
import { Dice, mix } from './dice.ts';
import type { Feature } from './features.ts';
import { Life } from './life.ts';
import type { Link } from './link.ts';
import { SimulatedLive } from './live.ts';
import { mortalDisk } from './mortal-disk.ts';
import type { Machine } from './plan.ts';
import type { Scheduler } from './scheduler.ts';
import type { Server } from './server.ts';
import { directoriesTo, inodeAt, placesOf } from './tree-view.ts';

export const START = Date.UTC(2026, 0, 1, 0, 0, 0, 123);
/** Records that a power loss may take back. */
const MOST_LOST = 6;
/** So often a watcher looks where a directory came to be, and so many milliseconds apart. */
const [LOOKS_FOR, BACK] = [20, 50];
export const IGNORED = ['*.tmp'];

type Places = ReturnType<typeof placesOf>;

export interface ClientParts {
  readonly seed: number;
  /** No other has it; the machine's own name is that of the machine it is a copy of. */
  readonly name: string;
  readonly machine: Machine;
  readonly features: ReadonlySet<Feature>;
  /** From how many files on a person is asked; undefined: as usual, which is never here. */
  readonly limits: Limits | undefined;
  readonly scheduler: Scheduler;
  readonly server: Server;
  readonly link: Link;
  /** It did something wrong by itself. */
  readonly onFault: (fault: string) => void;
}

/** A machine that another begins as a copy of, with its directory and its state. */
export interface Original {
  readonly client: Client;
  readonly as: CopiedAs;
}

/** One machine: its directory, its state, its clock, and the program that runs on it, if one does. */
export class Client {
  readonly name: string;
  readonly parts: ClientParts;
  readonly volume: MemoryVolume;
  readonly link: Link;
  state: MemoryStateFile;
  process: ClientProcess | undefined;
  /** Milliseconds that its clock is ahead. */
  ahead = 0;
  isClockSet = false;
  /** What happens before each step on its disk. */
  fault: Fault = () => undefined;
  /** What happens at each look into its state. */
  meanwhile: (call: StateCall) => void = () => undefined;
  /** Told after each step that changed something. */
  changed: (step: string, args: readonly unknown[]) => void = () => undefined;
  capacity = Number.POSITIVE_INFINITY;
  /** Puts the directory back where it was taken away. */
  mount: () => void = () => undefined;
  isAway = false;
  /** No step on its disk is half done. */
  isBetweenSteps = true;
  /** Its watcher sees nothing. */
  isDeaf = false;
  /** Something happened that its watcher did not see, and everything was not looked at since. */
  hasMissed = false;
  /** Of a state that is another machine's, and was put in the place of this one's. */
  foreign: string | undefined;
  /** A person has been asked about a mass, and has not answered yet. */
  isAnswering = false;
  /** Whatever a person was asked about, by its id. */
  readonly shown = new Map<string, Hold>();
  /** Told when a person is asked. */
  asked: () => void = () => undefined;
  /** It had one id with a machine of another name: which of the two names the server gave to what it did, it cannot know. */
  hasSharedId = false;
  /** What the person who watches was told. */
  readonly warnings: string[] = [];
  /** Steps on the disk, and those that changed something. */
  readonly counts = { steps: 0, changes: 0 };
  /** What the state was before the last records. */
  readonly older: MemoryStateFile[] = [];
  #ids = 0;

  constructor(parts: ClientParts, original?: Original) {
    this.parts = parts;
    this.name = parts.name;
    this.link = parts.link;
    const { caseSensitive, hardLinks, tick } = parts.machine;
    const now = () => this.now();
    const features = { caseSensitive, hardLinks, tick: BigInt(tick) * 1_000_000n };
    this.volume =
      original?.client.volume.copy(now, original.as) ?? new MemoryVolume({ now, ...features });
    this.state = original?.client.state.copy(this.stateOptions()) ?? this.blankState();
    this.ahead = original?.client.ahead ?? 0;
    this.isClockSet = original?.client.isClockSet ?? false;
  }

  now(): number {
    return START + this.parts.scheduler.passed + this.ahead;
  }

  stateOptions() {
    return { newId: () => this.newId(), fault: (call: StateCall) => this.#stateCall(call) };
  }

  /** As before the first start. */
  blankState(): MemoryStateFile {
    return new MemoryStateFile(this.stateOptions());
  }

  #stateCall(call: StateCall): void {
    if (call === 'record' && this.parts.features.has('power losses')) {
      this.older.push(this.state.copy(this.stateOptions()));
      if (this.older.length > MOST_LOST) this.older.shift();
    }
    this.meanwhile(call);
    if (call === 'sync') this.older.splice(0);
  }

  /** Never given before, by no process of it. */
  newId(): string {
    this.#ids += 1;
    return `${this.name}-${this.#ids}`;
  }

  start(): void {
    if (this.process !== undefined) return;
    this.hasMissed = false;
    this.process = new ClientProcess(this);
  }

  /** What was under way stays as it is; the state keeps what was recorded. */
  kill(): void {
    this.parts.scheduler.note(`${this.name} dies`);
    this.process?.life.end();
    this.process = undefined;
    this.state.crash();
  }

  /** The watcher sees that something happened in a directory, wherever that is by now. */
  see(directory: DirectoryInode): void {
    this.#tell(directory, ([place]) => (place === undefined ? [] : [place]));
  }

  /** The watcher sees that a directory came to be where it is: it may have been something else that it saw before in its place. */
  seeAllOf(directory: DirectoryInode): void {
    this.#tell(directory, (places) => places);
  }

  #tell(directory: DirectoryInode, which: (places: Places) => Places, tries = LOOKS_FOR): void {
    if (this.isDeaf) this.hasMissed = true;
    if (this.isDeaf) return;
    const places = placesOf(this.volume, directory);
    for (const { path } of which(places)) this.process?.watcher.dirty(path);
    // What is lifted out of the way is seen when it is back.
    if (places.length > 0 || tries === 0 || this.process === undefined) return;
    this.parts.scheduler.in(BACK, () => this.#tell(directory, which, tries - 1));
  }

  /** Its watcher says that it may have missed something. */
  loseEvents(): void {
    this.hasMissed = this.isDeaf;
    this.process?.watcher.lose();
  }

  /** Whether it says that nothing is left to do. */
  get isResting(): boolean {
    const { process } = this;
    return process?.synchronizer.condition.type === 'resting' && process.synchronizer.connected;
  }
}

/** Steps that leave the disk as it was. */
const LOOKING = /^(?:root|list|look|read|lifted|tidy|sync|syncAll|trashed)$/;

/** The program on a machine, from its start to its end. */
export class ClientProcess {
  readonly life = new Life();
  readonly watcher = new MemoryWatcher();
  readonly live: SimulatedLive;
  readonly disk: MemoryDisk;
  readonly state: ClientState;
  readonly synchronizer: Synchronizer;
  readonly ended: Promise<void>;

  constructor(client: Client) {
    const { parts } = client;
    const { scheduler, server, link, machine } = parts;
    const { life } = this;
    this.state = client.state.open();
    this.disk = memoryDisk({
      clock: { now: () => client.now() },
      volume: client.volume,
      features: { symlinks: machine.symlinks, executableBit: machine.system !== 'windows' },
      faults: faultsOf(client),
    });
    const clientId = (): string => this.state.standing.clientId;
    this.live = new SimulatedLive({ scheduler, link, server, life, clientId });
    const clock: Clock = {
      now: () => client.now(),
      sleep: (ms, signal) => life.bounded(() => scheduler.sleep(ms, signal)),
    };
    const dice = new Dice(mix(parts.seed, 3, client.counts.steps));
    this.synchronizer = new Synchronizer({
      disk: mortalDisk(this.disk, this.#around(client)),
      state: this.state,
      clock,
      newId: () => client.newId(),
      watcher: this.watcher,
      live: this.live,
      api: apiOf(client, this),
      random: () => dice.share(),
      observer: {
        conditionChanged: ({ type }) => {
          scheduler.note(`${client.name} is ${type}`);
          if (type === 'asking') client.asked();
        },
      },
      options: {
        settings: {
          clientName: machine.name,
          syncRoot: `/${client.name}`,
          ignorePatterns: IGNORED,
          system: machine.system,
          ...(parts.limits !== undefined && { limits: parts.limits }),
          ...(parts.seed % 2 === 0 && {
            much: { nodes: parts.seed % 4 === 0 ? 1 : 2, bytes: 1000 },
          }),
        },
        ignore: ignorePatterns(IGNORED),
        listener: {
          happened: () => {},
          progressed: () => {},
          warned: (text) => void client.warnings.push(text),
        },
      },
    });
    this.ended = this.synchronizer.run().catch((error) => {
      if (!life.isOver) parts.onFault(`${client.name} ended by itself: ${error.stack}`);
    });
  }

  #around(client: Client) {
    const { features, scheduler, seed } = client.parts;
    const dice = new Dice(mix(seed, 4, client.counts.steps));
    const isSlow = features.has('slow disks');
    const hasEchoes = features.has('echoes');
    return {
      life: this.life,
      wait: async () => {
        client.isBetweenSteps = true;
        if (isSlow && dice.chance(0.1)) await scheduler.sleep(1 + dice.under(200));
      },
      after: (step: string, args: readonly unknown[]) => {
        if (LOOKING.test(step)) return;
        client.counts.changes += 1;
        client.changed(step, args);
        // What is our own is in nobody's sight, and watched by nobody.
        const path = args.findLast((arg): arg is string[] => Array.isArray(arg))?.join('/');
        if (path === undefined) return;
        const [above, what] = [directoriesTo(client.volume, path), inodeAt(client.volume, path)];
        const cameHere = what?.kind === 'directory' ? what : undefined;
        scheduler.in(dice.under(50), () => {
          // A watcher that saw nothing of what came to be here would tell of it by where it was.
          if (cameHere !== undefined) client.seeAllOf(cameHere);
          const last = above.at(-1);
          if (hasEchoes && last !== undefined) client.see(last);
        });
      },
    };
  }
}

function faultsOf(client: Client) {
  return {
    fault: ((step, path) => {
      client.counts.steps += 1;
      client.parts.scheduler.note(`${client.name} ${step} ${path.join('/')}`);
      try {
        return client.fault(step, path);
      } finally {
        client.isBetweenSteps = false;
      }
    }) satisfies Fault,
    get capacity() {
      return client.capacity;
    },
  };
}

/** The real one, over the simulated way. */
function apiOf({ link }: Client, { state, life }: ClientProcess): Api {
  const clientId = (): string => state.standing.clientId;
  const epoch = (): string | undefined => state.standing.epoch;
  const api = httpApi({ base: '', apiKey: undefined, clientId, epoch, fetch: link.fetchFor(life) });
  const fetchChunks: Api['fetchChunks'] = (refs) => life.boundedEach(api.fetchChunks(refs));
  return new Proxy(api, {
    get: (target, name) => {
      if (name === 'fetchChunks') return fetchChunks;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => life.bounded(() => value.apply(target, args));
    },
  });
}
