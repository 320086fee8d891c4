import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClientState } from '../../src/client/ports.ts';
import { openSqliteState } from '../../src/client/state/sqlite/open.ts';
import { random } from '../random.ts';
import { quiet } from './quiet.ts';
import { type Client, Rig, type StateFile } from './rig.ts';

// Servers that go back in time without saying so, and clients whose states are old or somebody else's too, by seed.

const SEEDS = Number(process.env.SYNCER_IDENTITY_SEEDS ?? 25);
const STEPS = 40;

/** One world: who acts, what everybody wants to find in the end. */
class World {
  readonly rig: Rig;
  readonly #above = mkdtempSync(join(tmpdir(), 'syncer-'));
  readonly #next: () => number;
  /** Contents that nobody has overwritten or deleted. */
  readonly #wanted = new Set<string>();
  readonly #copies = new Map<string, string>();
  #backup: ReturnType<Rig['server']['backUp']> = [];
  #contents = 0;

  constructor(seed: number) {
    this.#next = random(seed);
    this.rig = new Rig({
      clients: ['anna', 'ben', 'carl'],
      stateFile: (client) => this.#inFiles(client),
    });
  }

  async play(): Promise<void> {
    for (let step = 0; step < STEPS; step += 1) {
      this.rig.clock.pass(5_000);
      const client = this.#pick(this.rig.clients);
      await this.#pick(DEEDS)(this, client);
    }
  }

  /** Everything wanted is on every disk, whatever it is called there. */
  async expectAll(): Promise<void> {
    // A copy that was made in the middle of an introduction is found at the next one.
    for (let time = 0; time < 2; time += 1) {
      this.#disconnect();
      await quiet(this.rig);
    }
    for (const client of this.rig.clients) {
      const held = new Set(Object.values(client.files()));
      expect([...this.#wanted].filter((content) => !held.has(content))).toEqual([]);
    }
    const ids = this.rig.clients.map(({ session }) => session.state.standing.clientId);
    expect(new Set(ids).size).toBe(ids.length);
  }

  close(): void {
    for (const { session } of this.rig.clients) session.state.close();
    rmSync(this.#above, { recursive: true });
  }

  save({ user }: Client): void {
    const name = this.#pick(NAMES);
    this.#giveUp(user.read(name));
    this.#contents += 1;
    user.write(name, `content ${this.#contents}`);
    this.#wanted.add(`content ${this.#contents}`);
  }

  remove({ user }: Client): void {
    const name = this.#pick(NAMES);
    const content = user.read(name);
    if (content === undefined) return;
    this.#giveUp(content);
    user.remove(name);
  }

  rename({ user }: Client): void {
    const [from, to] = [this.#pick(NAMES), this.#pick(NAMES)];
    if (user.read(from) !== undefined && user.read(to) === undefined) user.rename(from, to);
  }

  backUp(): void {
    this.#backup = this.rig.server.backUp();
  }

  /** In the same epoch; everybody's connection breaks with it. */
  restore(): void {
    this.rig.server.restore(this.#backup);
    this.#disconnect();
  }

  copyState(client: Client): void {
    const copy = mkdtempSync(join(this.#above, 'copy-'));
    cpSync(this.#directoryOf(client), copy, { recursive: true });
    this.#copies.set(client.name, copy);
  }

  putBackState(client: Client): void {
    const copy = this.#copies.get(client.name);
    if (copy !== undefined) this.#replaceState(client, copy);
  }

  /** `client` becomes a copy of another machine: its files, its state. What it had is given up by whoever does so. */
  async becomeCopy(client: Client): Promise<void> {
    const other = this.#pick(this.rig.clients.filter((one) => one !== client));
    const elsewhere = new Set(
      this.rig.clients.filter((one) => one !== client).flatMap((one) => Object.values(one.files())),
    );
    for (const [path, content] of Object.entries(client.files())) {
      if (content === 'dir') continue;
      // The server may be put back to a time when it had no such content yet.
      if (!elsewhere.has(content)) this.#giveUp(content);
      client.user.remove(path);
    }
    for (const [path, content] of Object.entries(other.files()))
      if (content !== 'dir') client.user.write(path, content);
    const copy = mkdtempSync(join(this.#above, 'copy-'));
    cpSync(this.#directoryOf(other), copy, { recursive: true });
    this.#replaceState(client, copy);
    // What was copied of it before belongs to another directory now (S6).
    this.#copies.delete(client.name);
    await client.disk.bind(client.session.state.standing.instance);
  }

  #replaceState(client: Client, copy: string): void {
    client.session.state.close();
    rmSync(this.#directoryOf(client), { recursive: true });
    cpSync(copy, this.#directoryOf(client), { recursive: true });
    client.restart();
  }

  #disconnect(): void {
    for (const { session } of this.rig.clients) session.welcome = undefined;
  }

  #giveUp(content: string | undefined): void {
    if (content !== undefined) this.#wanted.delete(content);
  }

  #pick<T>(all: readonly T[]): T {
    const one = all[Math.floor(this.#next() * all.length)];
    if (one === undefined) throw new Error('There is nothing to pick from.');
    return one;
  }

  #directoryOf = ({ name }: Client): string => join(this.#above, name);

  #inFiles(client: Client): StateFile {
    const path = join(this.#directoryOf(client), 'state.sqlite');
    let state: ClientState | undefined;
    return {
      open: () => {
        state = openSqliteState({ path, newId: client.newId });
        return state;
      },
      crash: () => state?.close(),
    };
  }
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

type Deed = (world: World, client: Client) => unknown;

const round: Deed = (_, client) => client.attempt();

const DEEDS: readonly Deed[] = [
  ...Array.from({ length: 8 }, () => round),
  ...Array.from({ length: 4 }, (): Deed => (world, client) => world.save(client)),
  (world, client) => world.remove(client),
  (world, client) => world.rename(client),
  (world) => world.backUp(),
  (world) => world.restore(),
  (world, client) => world.copyState(client),
  (world, client) => world.putBackState(client),
  (world, client) => world.becomeCopy(client),
  (_, client) => client.restart(),
];

describe('[B06] [B18] [D23] old servers, old states and copies, by seed', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
    'seed %i comes to rest with everything that somebody wants',
    async (seed) => {
      const world = new World(seed);
      try {
        await world.play();
        await world.expectAll();
      } finally {
        world.close();
      }
    },
  );
});
