import { MemoryServer, type MemoryServerOptions } from '../../src/client/api/memory.ts';
import { type MemoryDisk, memoryDisk } from '../../src/client/disk/memory.ts';
import type { ClientState, Clock } from '../../src/client/ports.ts';
import { takePushed } from '../../src/client/pull.ts';
import { type Happening, openSession, type Session } from '../../src/client/session.ts';
import { MemoryStateFile } from '../../src/client/state/memory.ts';
import { syncOnce } from '../../src/client/sync.ts';
import { ignorePatterns } from '../../src/core/ignore.ts';
import { pathOf } from '../../src/core/tree.ts';

/** Time that passes by itself a little with every look at it, so that no two writes share a tick. */
export class StepClock implements Clock {
  #now = Date.UTC(2026, 0, 1);

  now(): number {
    this.#now += 7;
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
}

/** A server and some clients, all in memory: the real engine over the in-memory ports. */
export class Rig {
  readonly clock = new StepClock();
  readonly server: MemoryServer;
  readonly clients: Client[];

  constructor({ clients, ignore = [], server = {} }: RigOptions) {
    this.server = new MemoryServer(server);
    this.clients = clients.map((name) => new Client(this, name, ignore));
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

export class Client {
  readonly name: string;
  file: MemoryStateFile;
  readonly happenings: Happening[] = [];
  disk: MemoryDisk;
  session: Session;
  readonly newId: () => string;
  readonly #rig: Rig;
  /** What others do before each step on this disk. */
  meanwhile: (step: string) => undefined = () => undefined;
  #ignore: readonly string[];

  constructor(rig: Rig, name: string, ignore: readonly string[]) {
    this.#rig = rig;
    this.name = name;
    this.#ignore = ignore;
    this.newId = newIds(name);
    this.file = new MemoryStateFile({ newId: this.newId });
    this.disk = memoryDisk({
      clock: rig.clock,
      faults: { fault: (step, path) => this.meanwhile(`${step} ${path.join('/')}`) },
    });
    this.session = this.#open(this.file.open());
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
    return rest && dirty.length === 0;
  }

  /** Ends and starts again, with the state and the disk as they are; perhaps with other patterns. */
  restart(ignore: readonly string[] = this.#ignore): void {
    this.#ignore = ignore;
    this.file.crash();
    this.session = this.#open(this.file.open());
  }

  /** The state is lost. */
  forget(): void {
    this.file.crash();
    this.file = new MemoryStateFile({ newId: this.newId });
    this.session = this.#open(this.file.open());
  }

  #open(state: ClientState): Session {
    const { clock, server } = this.#rig;
    const { clientId } = state.standing;
    const session: Session = openSession(
      { disk: this.disk, api: server.api(clientId, this.name), state, clock, newId: this.newId },
      {
        settings: {
          clientName: this.name,
          syncRoot: `/${this.name}`,
          ignorePatterns: this.#ignore,
          system: 'linux',
        },
        ignore: ignorePatterns(this.#ignore),
        alsoDirty: (where) => where,
        ignoreChanged: () => {},
        listener: {
          happened: (happening) => this.happenings.push(happening),
          progressed: () => {},
        },
      },
    );
    server.listen(clientId, (event) => {
      if (this.session !== session) return;
      if (event.type === 'changed' && !takePushed(session, event)) session.behind = true;
    });
    return session;
  }
}

/** Ids that every run makes alike. */
function newIds(name: string): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${name}-${last}`;
  };
}
