import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { Bench, type ClientHome, type Program, type RunningServer, until } from '../processes.ts';
import { treeOf } from '../tree.ts';
import { logOf, PLAN, type Plan, type Step, stepsIn, writePlan } from './plan.ts';
import { Vigil } from './vigil.ts';
import { Work } from './work.ts';

export type Role = 'anna' | 'ben' | 'server';

/** So long nothing happens where nothing is to happen any more; too short makes a step missed, not a test fail. Milliseconds. */
const REST = 250;

const FAILPOINT = fileURLToPath(new URL('./failpoint.ts', import.meta.url));

/** A server and two clients, each of which can be made to end at any step; Anna works, Ben gets what she does. */
export class World {
  readonly bench: Bench;
  readonly anna: ClientHome;
  readonly ben: ClientHome;
  readonly work: Work;
  readonly vigil: Vigil;
  readonly programs: Record<Role, Program>;
  readonly url: string;
  readonly #port: number;

  private constructor(bench: Bench, started: { server: RunningServer; homes: ClientHome[] }) {
    const [anna, ben] = started.homes as [ClientHome, ClientHome];
    this.bench = bench;
    this.anna = anna;
    this.ben = ben;
    this.url = started.server.url;
    this.#port = started.server.port;
    this.work = new Work(anna.directory, ben.directory);
    this.vigil = new Vigil([anna.directory, ben.directory], this.work.contents);
    this.programs = {
      server: started.server.program,
      anna: this.#client('anna'),
      ben: this.#client('ben'),
    };
  }

  static async open(): Promise<World> {
    const bench = await Bench.open();
    try {
      const server = await asRole(bench, 'server', () => bench.server());
      const homes = [await bench.client('anna', server), await bench.client('ben', server)];
      const world = new World(bench, { server, homes });
      await world.inSync('anna');
      await world.inSync('ben');
      return world;
    } catch (error) {
      await bench.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.vigil.end();
    for (const role of ['anna', 'ben', 'server'] as const) this.resume(role);
    await this.bench.close();
  }

  plan(role: Role, plan: Plan): void {
    setPlan(this.bench, role, plan);
  }

  steps(role: Role, round: string): Step[] {
    return stepsOf(this.bench, role, round);
  }

  /** Everybody is equal, and for a moment this one has taken no step; or it has ended. */
  async comesToRest(role: Role): Promise<void> {
    const program = this.programs[role];
    let [size, since] = [-1, Date.now()];
    const isAtRest = (): boolean => {
      const now = statSync(logOf(planOf(this.bench, role))).size;
      if (now !== size || !this.isEqual()) [size, since] = [now, Date.now()];
      return Date.now() - since > REST;
    };
    const what = () => this.told();
    await until(() => !program.isRunning || isAtRest(), { seconds: 60, what });
  }

  async start(role: Role): Promise<void> {
    if (role === 'server') {
      const { program } = await asRole(this.bench, 'server', () =>
        this.bench.server([], this.#port),
      );
      this.programs.server = program;
    } else this.programs[role] = this.#client(role);
  }

  #client(role: 'anna' | 'ben'): Program {
    return asRole(this.bench, role, () => this[role].start());
  }

  /** Stopped as a machine that sleeps: it does nothing, and knows nothing of it. */
  suspend(role: Role): void {
    this.programs[role].signal('SIGSTOP');
  }

  resume(role: Role): void {
    this.programs[role].signal('SIGCONT');
  }

  async inSync(role: 'anna' | 'ben'): Promise<void> {
    await this.programs[role].says(/in sync/i);
  }

  /** Both directories are what the work made of them, the server's list too. */
  async converges(): Promise<void> {
    await until(() => this.isEqual(), {
      seconds: 60,
      what: () => this.told(),
    });
    await until(async () => (await this.served()).join() === this.work.files().join(), {
      what: () => `the server to list\n${this.work.files().join('\n')}`,
    });
    this.vigil.look();
  }

  isEqual(): boolean {
    return this.#unlike().length === 0;
  }

  /** While somebody works there a directory may go away under the reader. */
  #unlike(): string[] {
    try {
      return (['anna', 'ben'] as const).flatMap((name) =>
        this.work.unlike(treeOf(this[name].directory)).map((line) => `${name} ${line}`),
      );
    } catch (error) {
      return [String(error)];
    }
  }

  /** What is not as it should be, and what everybody said. */
  told(): string {
    const said = Object.entries(this.programs).map(
      ([role, { output }]) => `${role} said:\n${output.slice(-4000)}`,
    );
    return [...this.#unlike(), ...said].join('\n');
  }

  served(): Promise<string[]> {
    return served(this.url);
  }

  async cursor(): Promise<number> {
    const response = await fetch(`${this.url}/v1/stats`);
    return ((await response.json()) as { cursor: number }).cursor;
  }

  /** Everybody stops in good order, starts anew, and finds nothing to do. */
  async restsAfterASecondStart(): Promise<void> {
    const before = [await this.cursor(), treeOf(this.anna.directory), treeOf(this.ben.directory)];
    for (const role of ['anna', 'ben', 'server'] as const)
      expect(await this.programs[role].stop(), this.told()).toBe(0);
    for (const role of ['server', 'anna', 'ben'] as const) await this.start(role);
    for (const role of ['anna', 'ben'] as const) await this.inSync(role);
    const after = [await this.cursor(), treeOf(this.anna.directory), treeOf(this.ben.directory)];
    expect(after).toEqual(before);
    // What was left in the middle of something is tidied a moment after all is in sync.
    const left = (): string[] =>
      [this.anna, this.ben].flatMap(({ directory }) =>
        ['staging', 'lifted'].flatMap((name) => namesIn(directory, name)),
      );
    await until(() => left().length === 0, { what: () => `nothing left of ${left()}` });
  }
}

interface FileInfo {
  readonly path: string;
  readonly checksum: string;
  readonly is_directory?: boolean;
}

/** `path checksum` of every file that the server has. */
export async function served(url: string): Promise<string[]> {
  const response = await fetch(`${url}/sync`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: 'test', files: [], sync_root: '/' }),
  });
  const { files_to_sync: files } = (await response.json()) as { files_to_sync: FileInfo[] };
  return files
    .filter((file) => file.is_directory !== true)
    .map(lineOf)
    .sort();
}

const lineOf = ({ path, checksum }: FileInfo): string => `${path} ${checksum}`;

function namesIn(directory: string, name: string): string[] {
  const place = join(directory, '.syncer', name);
  mkdirSync(place, { recursive: true });
  return readdirSync(place);
}

export const planOf = (bench: Bench, role: Role): string => join(bench.directory, `${role}.plan`);

export const setPlan = (bench: Bench, role: Role, plan: Plan): void =>
  writePlan(planOf(bench, role), plan);

/** Everything that the server keeps is there and reads as what it is said to be, while it runs or not. */
export async function isSound(bench: Bench): Promise<void> {
  const args = ['--sync-directory', './server', '--read-data', '100'];
  const program = bench.run('syncer-server', 'check', ...args);
  expect([await program.ended(), program.output]).toEqual([0, expect.anything()]);
}

export const stepsOf = (bench: Bench, role: Role, round: string): Step[] =>
  stepsIn(planOf(bench, role), round);

/** What is started meanwhile obeys the plan of that role. */
export function asRole<T>(bench: Bench, role: Role, start: () => T): T {
  const path = planOf(bench, role);
  try {
    readFileSync(path);
  } catch {
    setPlan(bench, role, { round: '' });
  }
  const before = bench.env;
  bench.env = { ...before, NODE_OPTIONS: `--import=${FAILPOINT}`, [PLAN]: path };
  try {
    return start();
  } finally {
    bench.env = before;
  }
}
