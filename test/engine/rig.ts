import { MemoryServer, type MemoryServerOptions } from '../../src/client/api/memory.ts';
import { countLacking } from '../../src/client/count-lacking.ts';
import type { Fault, Faults } from '../../src/client/disk/memory/faults.ts';
import {
  type MemoryDisk,
  type MemoryDiskOptions,
  memoryDisk,
} from '../../src/client/disk/memory.ts';
import type { LiveEvent } from '../../src/client/live-connection.ts';
import { type Api, ApiFailure, type ClientState, type Clock } from '../../src/client/ports.ts';
import { takePushed } from '../../src/client/pull.ts';
import { type Happening, openSession, type Session } from '../../src/client/session.ts';
import { MemoryStateFile, type StateCall } from '../../src/client/state/memory.ts';
import { syncOnce } from '../../src/client/sync.ts';
import { ignorePatterns } from '../../src/core/ignore.ts';
import type { SystemKind } from '../../src/core/representable.ts';
import { pathOf } from '../../src/core/tree.ts';
import { random } from '../random.ts';
import { overWire, Wire } from './wire.ts';

/** Time that passes by itself a little with every look at it, so that no two writes share a tick. */
export class StepClock implements Clock {
  /** Milliseconds that pass with each look at it. */
  step = 7;
  #now = Date.UTC(2026, 0, 1);

  now(): number {
    this.#now += this.step;
    return this.#now;
  }

  async sleep(ms: number): Promise<void> {
    this.#now += ms;
  }

  pass(ms: number): void {
    this.#now += ms;
  }
}

export interface RigOptions {
  readonly clients: readonly string[];
  readonly ignore?: readonly string[];
  readonly server?: MemoryServerOptions;
  /** The server that the clients talk to, where it is another one than the rig's own. */
  readonly connect?: (client: Connecting) => Api;
  /** Of clients that live on another system than Linux, by their name. */
  readonly systems?: Readonly<Record<string, System>>;
  /** Where a client's state is kept, where it is not in memory. Called again when the state is lost. */
  readonly stateFile?: (client: Client) => StateFile;
}

/** What outlives the process that has the state open. */
export interface StateFile {
  open(): ClientState;
  /** Ends the process that has it open. */
  crash(): void;
}

export interface Connecting {
  readonly clientId: () => string;
  readonly epoch: () => string | undefined;
}

/** What names a system can hold, and what its disk can do. */
export interface System {
  readonly kind?: SystemKind;
  readonly features?: NonNullable<MemoryDiskOptions['features']>;
}

/** A server and some clients, all in memory: the real engine over the in-memory ports. */
export class Rig {
  readonly clock = new StepClock();
  readonly server: MemoryServer;
  readonly clients: Client[];
  readonly connect: RigOptions['connect'];
  readonly stateFile: NonNullable<RigOptions['stateFile']>;

  constructor({ clients, ignore = [], server = {}, systems = {}, ...more }: RigOptions) {
    this.server = new MemoryServer(server);
    this.connect = more.connect;
    this.stateFile =
      more.stateFile ??
      ((client) =>
        new MemoryStateFile({ newId: client.newId, fault: (call) => client.onState(call) }));
    this.clients = clients.map(
      (name) => new Client(this, name, { ignore, system: systems[name] ?? {} }),
    );
  }

  client(name: string): Client {
    const found = this.clients.find((client) => client.name === name);
    if (found === undefined) throw new Error(`no client ${name}`);
    return found;
  }

  /** Every path on the server with its content, in the form of a disk's snapshot. */
  serverFiles(): Map<string, string> {
    const { tree, chunks } = this.server;
    const decoder = new TextDecoder();
    const files = new Map<string, string>();
    for (const [id, entry] of tree.entries()) {
      const path = pathOf(tree, id)?.join('/') ?? `nowhere/${id}`;
      const bytes = entry.kind === 'file' ? chunks.get(entry.checksum)?.bytes : undefined;
      files.set(path, entry.kind === 'file' ? decoder.decode(bytes) : 'dir');
    }
    return files;
  }

  /** Rounds of every client, until a whole turn of them does nothing. */
  async settle(limit = 30): Promise<void> {
    for (let turn = 0; turn < limit; turn += 1) {
      this.clock.pass(60_000);
      let rest = true;
      for (const client of this.clients) rest = (await client.round()) && rest;
      if (rest) return;
    }
    const problems = this.clients.flatMap(({ session }) => session.problems.all());
    throw new Error(`the clients do not come to rest ${JSON.stringify(problems)}`);
  }
}

type Pushed = Extract<LiveEvent, { type: 'changed' }>;

export class Client {
  readonly name: string;
  file: StateFile;
  readonly happenings: Happening[] = [];
  readonly warnings: string[] = [];
  disk: MemoryDisk;
  session: Session;
  readonly newId: () => string;
  readonly #rig: Rig;
  /** What others do before each step on this disk. */
  meanwhile: (step: string) => undefined = () => undefined;
  /** What goes wrong on this disk. */
  fault: Fault = () => undefined;
  /** What goes wrong with the state: it throws. */
  onState: (call: StateCall) => void = () => undefined;
  /** Of this disk, in bytes. */
  capacity = Number.POSITIVE_INFINITY;
  /** What becomes of a commit that the server tells of; as it comes, it is taken. */
  onPush: (event: Pushed, take: (event: Pushed) => void) => void = (event, take) => take(event);
  /** The way to the server. */
  readonly wire = new Wire();
  #ignore: readonly string[];
  readonly #system: System;

  constructor(
    rig: Rig,
    name: string,
    { ignore, system }: { readonly ignore: readonly string[]; readonly system: System },
  ) {
    this.#rig = rig;
    this.name = name;
    this.#ignore = ignore;
    this.#system = system;
    this.newId = newIds(name);
    this.file = this.#rig.stateFile(this);
    this.disk = memoryDisk({
      clock: rig.clock,
      features: system.features ?? {},
      faults: this.#faults(),
    });
    this.session = this.#open(this.file.open());
  }

  #faults(): Faults {
    const capacity = (): number => this.capacity;
    return {
      fault: (step, path) => {
        this.meanwhile(`${step} ${path.join('/')}`);
        return this.fault(step, path);
      },
      get capacity() {
        return capacity();
      },
    };
  }

  get user(): MemoryDisk['user'] {
    return this.disk.user;
  }

  /** Everything a person sees in the directory. */
  files(): Record<string, string> {
    const all = [...this.disk.user.snapshot()].filter(([path]) => !path.startsWith('.syncer'));
    return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** One round that looks at everything; whether nothing was left to do. */
  async round(): Promise<boolean> {
    this.session.behind = true;
    const { rest, dirty } = await syncOnce(this.session, 'everything');
    if (process.env.SYNCER_TRACE)
      console.log(this.name, rest, dirty, this.files(), this.happenings.splice(0));
    const isAtRest = rest && dirty.length === 0;
    if (isAtRest) mustLackNothing(this.session);
    return isAtRest;
  }

  /**
   * A round as the synchronizer makes it: what could not be asked is answered, and the next round
   * introduces itself again.
   */
  async attempt(): Promise<ApiFailure | undefined> {
    try {
      await this.round();
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      this.session.welcome = undefined;
      return error;
    }
  }

  /** Ends and starts again, with the state and the disk as they are; perhaps with other patterns. */
  restart(ignore: readonly string[] = this.#ignore): void {
    this.#ignore = ignore;
    this.file.crash();
    this.session = this.#open(this.file.open());
  }

  /** The machine goes off: of what was not made durable, only the first changes survive. */
  losePower(kept = 0): void {
    const { volume } = this.disk;
    volume.crash(kept);
    this.disk = memoryDisk({
      clock: this.#rig.clock,
      volume,
      features: this.#system.features ?? {},
      faults: this.#faults(),
    });
    this.restart();
  }

  /** The state is lost. */
  forget(): void {
    this.file.crash();
    this.file = this.#rig.stateFile(this);
    this.session = this.#open(this.file.open());
  }

  #open(state: ClientState): Session {
    const { clock, server, connect } = this.#rig;
    const clientId = (): string => state.standing.clientId;
    const epoch = (): string | undefined => state.standing.epoch;
    const api = connect?.({ clientId, epoch }) ?? server.api(clientId, this.name);
    const session: Session = openSession(
      {
        disk: this.disk,
        api: overWire(api, this.wire),
        state,
        clock,
        newId: this.newId,
      },
      {
        settings: {
          clientName: this.name,
          syncRoot: `/${this.name}`,
          ignorePatterns: this.#ignore,
          system: this.#system.kind ?? 'linux',
        },
        ignore: ignorePatterns(this.#ignore),
        alsoDirty: (where) => where,
        ignoreChanged: () => {},
        listener: {
          happened: (happening) => this.happenings.push(happening),
          progressed: () => {},
          warned: (text) => void this.warnings.push(text),
        },
      },
    );
    const take = (event: Pushed): void => {
      if (!takePushed(session, event)) session.behind = true;
    };
    server.listen(clientId(), (event) => {
      if (this.session === session && event.type === 'changed') this.onPush(event, take);
    });
    return session;
  }
}

/** Two clients of one server. */
export function pair(options: Omit<RigOptions, 'clients'> = {}) {
  const rig = new Rig({ clients: ['anna', 'ben'], ...options });
  return { rig, anna: rig.client('anna'), ben: rig.client('ben') };
}

/** Text that does not repeat itself and that no two seeds share; from 64 KiB on it is several chunks. */
export function longText(seed: number, length: number): string {
  const next = random(seed);
  const numbers = Uint32Array.from({ length: length / 8 }, () => next() * 2 ** 32);
  return Buffer.from(numbers.buffer).toString('hex');
}

/** Ids that every run makes alike. */
function newIds(name: string): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${name}-${last}`;
  };
}

/** Whoever waits for this client would wait for ever. */
function mustLackNothing(session: Session): void {
  const { state, problems, breaker } = session;
  const isFree = problems.all().length === 0 && breaker.holds.length === 0;
  if (isFree && state.standing.pulling === undefined && countLacking(session) > 0)
    throw new Error(`At rest, without a problem, it lacks something: ${state.changed()}`);
}
