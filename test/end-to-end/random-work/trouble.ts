import { setTimeout as pause } from 'node:timers/promises';
import { pickFrom } from '../../random.ts';
import type { Bench, ClientHome, Program, RunningServer } from '../processes.ts';

/** A server and some clients that end in the middle of whatever they do, and come back. */
export class Trouble {
  readonly #bench: Bench;
  readonly #homes: readonly ClientHome[];
  readonly #next: () => number;
  readonly #pick: ReturnType<typeof pickFrom>;
  readonly #programs = new Map<ClientHome, Program>();
  #server: RunningServer;

  constructor(
    bench: Bench,
    { homes, server }: { homes: readonly ClientHome[]; server: RunningServer },
    next: () => number,
  ) {
    this.#bench = bench;
    this.#homes = homes;
    this.#server = server;
    this.#next = next;
    this.#pick = pickFrom(next);
    for (const home of homes) this.#programs.set(home, home.start());
  }

  /** Until then; everything runs again when it resolves. */
  async until(end: number): Promise<void> {
    while (Date.now() < end) {
      await pause(200 + 2000 * this.#next());
      await this[this.#pick(['kill', 'kill', 'sleep', 'killServer', 'restart'] as const)]();
    }
  }

  /** What is done here while it is not there is found when it comes back. */
  async kill(): Promise<void> {
    const home = this.#pick(this.#homes);
    await this.#program(home).kill();
    await pause(this.#pick([0, 200, 2000]));
    this.#programs.set(home, home.start());
  }

  async restart(): Promise<void> {
    const home = this.#pick(this.#homes);
    const code = await this.#program(home).stop();
    // One that is only just beginning is ended by the signal itself.
    if (code !== 0 && code !== null) throw new Error(`${home.name} ended with ${code}`);
    this.#programs.set(home, home.start());
  }

  async sleep(): Promise<void> {
    const program = this.#program(this.#pick(this.#homes));
    program.signal('SIGSTOP');
    await pause(2000 * this.#next());
    program.signal('SIGCONT');
  }

  async killServer(): Promise<void> {
    await this.#server.program.kill();
    await pause(this.#pick([0, 300, 2000]));
    this.#server = await this.#bench.server([], this.#server.port);
  }

  /** The exit codes of all. */
  async stop(): Promise<(number | null)[]> {
    const codes = await Promise.all([...this.#programs.values()].map((program) => program.stop()));
    return [...codes, await this.#server.program.stop()];
  }

  #program(home: ClientHome): Program {
    const program = this.#programs.get(home);
    if (program?.isRunning !== true)
      throw new Error(`${home.name} has ended by itself: ${program?.output}`);
    return program;
  }
}
