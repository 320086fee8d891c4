import { expect, it } from 'vitest';
import { DiskError } from '../../src/client/ports.ts';
import { pickFrom, random } from '../random.ts';
import { type Client, Rig } from './rig.ts';

/**
 * The real engine over in-memory ports, with people at work between any two steps of a round, and
 * rounds that end anywhere. Then quiet; then everything is equal and nothing that was saved is gone.
 */
class Run {
  readonly rig: Rig;
  readonly #saved = new Set<string>();
  readonly #superseded = new Set<string>();
  readonly #next: () => number;
  readonly #pick: ReturnType<typeof pickFrom>;
  #contents = 0;
  #busy = true;
  #lastStep = '';

  constructor(seed: number) {
    this.#next = random(seed);
    this.#pick = pickFrom(this.#next);
    const clients = ['anna', 'ben', 'cleo'].slice(0, 2 + Math.floor(this.#next() * 2));
    this.rig = new Rig({ clients, ignore: ['*.tmp'], server: { page: 3 } });
    for (const client of this.rig.clients) {
      client.meanwhile = (step) => this.#meanwhile(client, step);
    }
  }

  async run(): Promise<string[]> {
    const steps = 10 + Math.floor(this.#next() * 25);
    for (let step = 0; step < steps; step += 1) {
      const client = this.#pick(this.rig.clients);
      this.rig.clock.pass(this.#next() * 3000);
      if (this.#next() < 0.6) this.#act(client);
      else await this.#round(client);
      if (this.#next() < 0.03) client.restart();
      if (this.#next() < 0.01) client.forget();
    }
    this.#busy = false;
    await this.rig.settle();
    return this.#faults();
  }

  async #round(client: Client): Promise<void> {
    try {
      await client.round();
    } catch (error) {
      if (!(error instanceof Interrupted || error instanceof DiskError)) throw error;
      client.restart();
    }
  }

  /** People act between the steps; within one, only the system could tell who came first. */
  #meanwhile(client: Client, step: string): undefined {
    if (!this.#busy) return;
    const [kind = ''] = step.split(' ');
    const isNewStep = kind !== this.#lastStep;
    this.#lastStep = kind;
    if (isNewStep && this.#next() < 0.02) this.#act(client);
    if (this.#next() < 0.005) throw new Interrupted();
  }

  #path(): string {
    const names = ['a', 'b', 'c', 'f.tmp', 'd'];
    return Array.from({ length: 1 + Math.floor(this.#next() * 3) }, () => this.#pick(names)).join(
      '/',
    );
  }

  #act(client: Client): void {
    const action = this.#pick([
      'write',
      'write',
      'save',
      'remove',
      'move',
      'move',
      'mkdir',
    ] as const);
    const path = this.#path();
    if (process.env.SYNCER_TRACE) console.log(client.name, action, path, client.files());
    try {
      this[`_${action}`](client, path);
    } catch {
      // It made no sense there: a file in the way, nothing to remove.
    }
  }

  _write({ user }: Client, path: string): void {
    if (!canWrite(user.snapshot(), path)) return;
    const before = user.read(path);
    user.write(path, this.#content());
    if (before !== undefined) this.#superseded.add(before);
  }

  _save({ user }: Client, path: string): void {
    const before = user.read(path);
    if (!canWrite(user.snapshot(), path) || !canWrite(user.snapshot(), `${path}.tmp`)) return;
    user.write(`${path}.tmp`, this.#content());
    user.rename(`${path}.tmp`, path);
    if (before !== undefined) this.#superseded.add(before);
  }

  _remove({ user }: Client, path: string): void {
    const below = contentsBelow(user.snapshot(), path);
    user.remove(path);
    for (const content of below) this.#superseded.add(content);
  }

  _move({ user }: Client, path: string): void {
    const to = this.#path();
    const all = user.snapshot();
    if (!all.has(path) || !canWrite(all, to)) return;
    if (`${to}/`.startsWith(`${path}/`)) return;
    const before = user.read(to);
    user.rename(path, to);
    if (before !== undefined) this.#superseded.add(before);
  }

  _mkdir({ user }: Client, path: string): void {
    if (!canWrite(user.snapshot(), path)) return;
    user.makeDirectory(path);
  }

  #content(): string {
    this.#contents += 1;
    const content = `content ${this.#contents}`;
    this.#saved.add(content);
    return content;
  }

  #faults(): string[] {
    const wanted = this.rig.serverFiles();
    const unequal = this.rig.clients.flatMap((client) => differences(client, wanted));
    const held = new Set(
      this.rig.clients.flatMap(({ disk }) => [...disk.user.snapshot().values()]),
    );
    const lost = [...this.#saved].filter((one) => !held.has(one) && !this.#superseded.has(one));
    return [...unequal, ...lost.map((content) => `lost: ${content}`)];
  }
}

class Interrupted extends Error {}

/** Everything the server has is there, and nothing else but what is ignored, and directories of only that (rule S3). */
function differences(client: Client, wanted: ReadonlyMap<string, string>): string[] {
  const { name } = client;
  const here = client.files();
  const isIgnored = (path: string): boolean => /\.tmp(\/|$)/.test(path);
  const isBare = (path: string): boolean =>
    here[path] === 'dir' &&
    Object.keys(here).some((other) => other.startsWith(`${path}/`) && isIgnored(other));
  const absent = [...wanted].filter(
    ([path, content]) => !isIgnored(path) && here[path] !== content,
  );
  const more = Object.keys(here).filter(
    (path) => !wanted.has(path) && !isIgnored(path) && !isBare(path),
  );
  return [
    ...absent.map(([path]) => `${name} lacks ${path}`),
    ...more.map((path) => `${name} has ${path}`),
  ];
}

/** No directory has the name, and nothing but directories is on the way to it. */
function canWrite(all: Map<string, string>, path: string): boolean {
  const names = path.split('/');
  const above = names.slice(1).map((_, at) => names.slice(0, at + 1).join('/'));
  return all.get(path) !== 'dir' && above.every((one) => (all.get(one) ?? 'dir') === 'dir');
}

function contentsBelow(all: Map<string, string>, top: string): string[] {
  const inside = [...all].filter(([path]) => path === top || path.startsWith(`${top}/`));
  return inside.map(([, content]) => content);
}

const SEEDS = Number(process.env.SYNCER_ENGINE_SEEDS ?? 1000);
const FROM = Number(process.env.SYNCER_ENGINE_FROM ?? 1);

it(`${SEEDS} random runs with people at work and interrupted rounds lose nothing and end equal`, async () => {
  for (let seed = FROM; seed < FROM + SEEDS; seed += 1) {
    let faults: string[];
    try {
      faults = await new Run(seed).run();
    } catch (error) {
      throw new Error(`seed ${seed} (SYNCER_ENGINE_FROM=${seed} SYNCER_ENGINE_SEEDS=1)`, {
        cause: error,
      });
    }
    expect(faults, `seed ${seed}`).toEqual([]);
  }
}, 600_000);
