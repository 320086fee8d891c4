import { expect, it } from 'vitest';
import type { Fault } from '../../src/client/disk/memory/faults.ts';
import { DiskError, type DiskProblem } from '../../src/client/ports.ts';
import { pickFrom, random } from '../random.ts';
import { type Client, Rig } from './rig.ts';
import { failure } from './wire.ts';

/** The program, or the machine, ends here. */
class Killed extends Error {}

const PROBLEMS: readonly DiskProblem[] = ['denied', 'full', 'busy', 'unreadable', 'changed'];

/**
 * People work, and everything goes wrong: steps of the disk, calls, answers, pushes, the program, the
 * power. Then quiet; then everything is equal, and what somebody saved last is there.
 */
class Run {
  readonly rig: Rig;
  readonly #saved = new Set<string>();
  readonly #superseded = new Set<string>();
  readonly #next: () => number;
  readonly #pick: ReturnType<typeof pickFrom>;
  #isQuiet = false;

  constructor(seed: number) {
    this.#next = random(seed);
    this.#pick = pickFrom(this.#next);
    this.rig = new Rig({ clients: ['anna', 'ben'], server: { page: 2 } });
    for (const client of this.rig.clients) this.#harm(client);
  }

  async run(): Promise<string[]> {
    const steps = 8 + Math.floor(this.#next() * 20);
    for (let step = 0; step < steps; step += 1) {
      const client = this.#pick(this.rig.clients);
      this.rig.clock.pass(this.#next() * 20_000);
      if (this.#next() < 0.5) this.#act(client);
      else await this.#round(client);
    }
    this.#isQuiet = true;
    for (const client of this.rig.clients) client.session.welcome = undefined;
    await this.rig.settle();
    return this.#faults();
  }

  #chance(probability: number): boolean {
    return !this.#isQuiet && this.#next() < probability;
  }

  #harm(client: Client): void {
    client.fault = ((step): ReturnType<Fault> => {
      if (step === 'discard') return undefined;
      if (this.#chance(0.02)) throw new Killed();
      return this.#chance(0.03) ? this.#pick(PROBLEMS) : undefined;
    }) satisfies Fault;
    client.wire.fault = () => (this.#chance(0.15) ? failure('unreachable') : undefined);
    client.wire.loses = () => this.#chance(0.2);
    client.onPush = (event, take) => {
      if (!this.#chance(0.2)) take(event);
      if (this.#chance(0.1)) take(event);
    };
  }

  async #round(client: Client): Promise<void> {
    try {
      await client.attempt();
    } catch (error) {
      if (error instanceof DiskError) return;
      if (!(error instanceof Killed)) throw error;
      if (this.#next() < 0.5) client.losePower(Math.floor(this.#next() * 4));
      else client.restart();
    }
  }

  #act({ user }: Client): void {
    const path = this.#path();
    const all = user.snapshot();
    const before = [...all].filter(([at]) => at === path || at.startsWith(`${path}/`));
    const supersede = (): void => {
      for (const [, content] of before) this.#superseded.add(content);
    };
    const action = this.#pick(['write', 'write', 'remove', 'move', 'move'] as const);
    if (action === 'remove' && before.length > 0) {
      user.remove(path);
      supersede();
    } else if (action === 'write' && canHold(all, path)) {
      const content = `content ${this.#saved.size}`;
      this.#saved.add(content);
      user.write(path, content);
      supersede();
    } else if (action === 'move') this.#move(user, all, path);
  }

  #move(user: Client['user'], all: Map<string, string>, path: string): void {
    const to = this.#path();
    if (!all.has(path) || all.has(to) || !canHold(all, to) || `${to}/`.startsWith(`${path}/`))
      return;
    user.rename(path, to);
  }

  #path(): string {
    const names = ['a', 'b', 'c', 'd'];
    const depth = 1 + Math.floor(this.#next() * 3);
    return Array.from({ length: depth }, () => this.#pick(names)).join('/');
  }

  #faults(): string[] {
    const server = Object.fromEntries([...this.rig.serverFiles()].sort());
    const unequal = this.rig.clients.filter(
      (client) => JSON.stringify(sorted(client.files())) !== JSON.stringify(sorted(server)),
    );
    const kept = this.rig.clients.flatMap(({ user }) => [...user.snapshot().values()]);
    const held = new Set(kept);
    const lost = [...this.#saved].filter((one) => !held.has(one) && !this.#superseded.has(one));
    return [
      ...unequal.map((client) => `${client.name} differs`),
      ...lost.map((one) => `lost: ${one}`),
    ];
  }
}

const sorted = (files: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));

/** No directory has the name, and nothing but directories is on the way to it. */
function canHold(all: Map<string, string>, path: string): boolean {
  const names = path.split('/');
  const above = names.slice(1).map((_, at) => names.slice(0, at + 1).join('/'));
  return all.get(path) !== 'dir' && above.every((one) => (all.get(one) ?? 'dir') === 'dir');
}

const SEEDS = Number(process.env.SYNCER_FAULTS_SEEDS ?? 800);
const FROM = Number(process.env.SYNCER_FAULTS_FROM ?? 1);

it(`${SEEDS} random runs in which everything goes wrong lose nothing and end equal`, async () => {
  for (let seed = FROM; seed < FROM + SEEDS; seed += 1) {
    let faults: string[];
    try {
      faults = await new Run(seed).run();
    } catch (cause) {
      const again = `SYNCER_FAULTS_FROM=${seed} SYNCER_FAULTS_SEEDS=1`;
      throw new Error(`seed ${seed} (${again})`, { cause });
    }
    expect(faults, `seed ${seed}`).toEqual([]);
  }
}, 600_000);
