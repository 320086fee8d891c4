import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Bench, type RunningServer, until } from '../processes.ts';
import { treeOf } from '../tree.ts';
import { FILES, makeGarbage, NEEDED } from './garbage.ts';
import { type Content, PlainClient } from './plain-client.ts';
import { AN_HOUR, forgetSteps, logOf, type Plan, type Step } from './plan.ts';
import { hashOf } from './vigil.ts';
import { asRole, planOf, served, setPlan, stepsOf } from './world.ts';

const DAY = 24 * 60 * 60 * 1000;
/** The first sweep comes an hour after the start, the others six hours after each other. */
const [FIRST, BETWEEN] = [1, 6];
const CONFIG = 'history_retention_days: 1\nscrub_days: null\n';

export interface Pause {
  readonly stop: Step;
  readonly act: () => Promise<void>;
}

/** A server that sweeps when it is told to, on any day, and can be put back to what it was. */
export class SweepingServer {
  readonly bench: Bench;
  #server: RunningServer | undefined;
  #sweeps = 0;

  private constructor(bench: Bench) {
    this.bench = bench;
  }

  /** With much that nothing needs. `restore('full')` puts it back to what it is then. */
  static async open(): Promise<SweepingServer> {
    const bench = await Bench.open();
    const server = new SweepingServer(bench);
    writeFileSync(join(bench.directory, 'server.yaml'), CONFIG);
    await server.start(0);
    await makeGarbage(await server.client());
    await server.stop();
    server.save('full');
    return server;
  }

  close(): Promise<void> {
    return this.bench.close();
  }

  get isRunning(): boolean {
    return this.#server?.program.isRunning === true;
  }

  get url(): string {
    return this.#server?.url ?? 'http://nowhere.invalid';
  }

  client(): Promise<PlainClient> {
    return PlainClient.introduce(this.url);
  }

  /** While it does not run. */
  save(name: string): void {
    cpSync(this.#at('server'), this.#at(name), { recursive: true });
  }

  restore(name: string): void {
    rmSync(this.#at('server'), { recursive: true });
    cpSync(this.#at(name), this.#at('server'), { recursive: true });
  }

  /** Until it waits for the hour of its first sweep. */
  async start(day: number): Promise<void> {
    this.#sweeps = 0;
    this.plan({ round: 'start', hours: 0 }, day);
    const options = ['--config', this.#at('server.yaml')];
    forgetSteps(planOf(this.bench, 'server'));
    this.#server = await asRole(this.bench, 'server', () => this.bench.server(options));
    await this.#rests(1);
  }

  async stop(): Promise<void> {
    expect(await this.#server?.program.stop(), this.told()).toBe(0);
  }

  plan(plan: Plan, day: number): void {
    setPlan(this.bench, 'server', { ...plan, clock: day * DAY });
  }

  steps(round: string): Step[] {
    return stepsOf(this.bench, 'server', round);
  }

  /** Answers whether it lived through the next sweep. */
  async sweep(plan: Plan, day: number): Promise<boolean> {
    const hours = FIRST + BETWEEN * this.#sweeps;
    this.#sweeps += 1;
    this.plan({ ...plan, hours }, day);
    await this.#rests(1 + hours);
    return this.isRunning;
  }

  /** The same of its first sweep, stopped at a step of it, as by a machine that falls asleep, while something is done. */
  async sweepAround({ stop, act }: Pause, plan: Plan, day: number): Promise<boolean> {
    this.plan({ round: 'stop', at: stop, signal: 'SIGSTOP', hours: FIRST }, day);
    const isThere = (): boolean => this.steps('stop').some(({ name }) => name === stop.name);
    await until(isThere, { what: this.told });
    await act();
    const swept = this.sweep(plan, day);
    const wake = (): void => void this.#server?.program.signal('SIGCONT');
    wake();
    // Where it told of the step, but had not fallen asleep by then.
    const again = setInterval(wake, 500);
    return await swept.finally(() => clearInterval(again));
  }

  /** Until that many hours were waited for, or it has ended. */
  async #rests(hours: number): Promise<void> {
    const waited = (): number =>
      readFileSync(logOf(planOf(this.bench, 'server')), 'utf8').split(` ${AN_HOUR} `).length - 1;
    await until(() => !this.isRunning || waited() >= hours, { seconds: 60, what: this.told });
  }

  told = (): string => this.#server?.program.output ?? 'It was not started.';

  /** Exactly these files, byte for byte. */
  async serves(files: ReadonlyMap<string, Content> = FILES): Promise<void> {
    const wanted = [...files].map(([path, content]) => `${path} ${hashOf(Buffer.concat(content))}`);
    expect((await served(this.url)).sort()).toEqual(wanted.sort());
    for (const [path, content] of files) {
      const answer = await fetch(`${this.url}/download/${path}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect([path, bytes.equals(Buffer.concat(content))]).toEqual([path, true]);
    }
  }

  /** As `serves`, to a real client that is new. */
  async givesAClient(files: ReadonlyMap<string, Content> = FILES): Promise<void> {
    const home = await this.bench.client('new', { port: Number(new URL(this.url).port) });
    const client = home.start();
    await client.says(/in sync/i);
    await client.stop();
    const wanted = [...files].map(([path, content]) => `${path} ${hashOf(Buffer.concat(content))}`);
    const got = [...treeOf(home.directory)].map(([path, what]) => `${path} ${what.slice(0, 64)}`);
    expect(got.sort(), client.output).toEqual(wanted.sort());
  }

  /** Nothing takes room that nothing needs, and nothing that is needed is gone. */
  async isSwept(more = 0): Promise<void> {
    const args = ['--sync-directory', './server', '--read-data', '100', '--json'];
    const program = this.bench.run('syncer-server', 'check', ...args);
    await program.ended();
    const told = JSON.parse(program.output.slice(program.output.indexOf('{')));
    const unreferenced = { chunks: 0, packs: 0, bytes: 0 };
    expect(told).toMatchObject({ sound: true, chunks: NEEDED + more, unreferenced });
  }

  #at(name: string): string {
    return join(this.bench.directory, name);
  }
}
