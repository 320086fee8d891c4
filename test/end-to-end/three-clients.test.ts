import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pickFrom, random } from '../random.ts';
import { Bench, type ClientHome, type Program, until } from './processes.ts';
import { differences, textsIn, treeOf } from './tree.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(async () => {
  await bench.close();
});

/** People who do things to real directories; keeps book of what they saved and what they meant to lose. */
class People {
  readonly saved = new Set<string>();
  readonly superseded = new Set<string>();
  readonly #next: () => number;
  readonly #pick: ReturnType<typeof pickFrom>;
  #texts = 0;

  constructor(seed: number) {
    this.#next = random(seed);
    this.#pick = pickFrom(this.#next);
  }

  /** One action of somebody; where it makes no sense, nothing happens. */
  act(top: string): void {
    const action = this.#pick(['write', 'write', 'write', 'move', 'remove', 'mkdir'] as const);
    try {
      this[action](top, this.#path());
    } catch {
      // It made no sense there, or somebody else was quicker.
    }
  }

  write(top: string, path: string): void {
    this.#texts += 1;
    const text = `text ${this.#texts} ${'x'.repeat(Math.floor(this.#next() * 3000))}`;
    const name = path.split('/').at(-1) ?? '';
    mkdirSync(join(top, path, '..'), { recursive: true });
    // Names are never used twice for other texts, so that nothing is superseded by writing.
    writeFileSync(join(top, `${path}-${name}${this.#texts}`), text);
    this.saved.add(text);
  }

  move(top: string, path: string): void {
    renameSync(join(top, path), join(top, `${this.#path()}-moved${this.#next()}`));
  }

  remove(top: string, path: string): void {
    const gone = textsIn(join(top, path));
    rmSync(join(top, path), { recursive: true });
    for (const text of gone) this.superseded.add(text);
  }

  mkdir(top: string, path: string): void {
    mkdirSync(join(top, path), { recursive: true });
  }

  #path(): string {
    const names = ['a', 'b', 'c', 'd', 'e'];
    return Array.from({ length: 1 + Math.floor(this.#next() * 3) }, () => this.#pick(names)).join(
      '/',
    );
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('three clients with random work, a killed server and a killed client end equal, with nothing lost', async () => {
  let server = await bench.server();
  const homes: ClientHome[] = [];
  for (const name of ['anna', 'ben', 'cleo']) homes.push(await bench.client(name, server));
  const running = new Map<string, Program>(homes.map((home) => [home.name, home.start()]));
  const people = new People(7);

  for (let step = 0; step < 240; step += 1) {
    people.act(homes[step % 3]?.directory ?? '');
    if (step % 8 === 0) await pause(60);
    if (step === 80) {
      await server.program.kill();
    }
    if (step === 110) server = await bench.server([], server.port);
    if (step === 140) await running.get('ben')?.kill();
    if (step === 180) running.set('ben', homes[1]?.start() as Program);
  }

  const [anna, ben, cleo] = homes.map(({ directory }) => directory);
  if (!anna || !ben || !cleo) throw new Error('three homes');
  const unequal = (): string[] => [...differences(anna, ben), ...differences(anna, cleo)];
  await until(
    async () => {
      if (unequal().length > 0) return false;
      await pause(1500);
      return unequal().length === 0;
    },
    { seconds: 90, what: () => unequal().join('\n') },
  );

  expect(treeOf(anna).size).toBeGreaterThan(5);
  const held = new Set(homes.flatMap(({ directory }) => [...textsIn(directory)]));
  const lost = [...people.saved].filter((text) => !held.has(text) && !people.superseded.has(text));
  expect(lost).toEqual([]);
  for (const { directory } of homes) {
    expect(readdirSync(join(directory, '.syncer', 'staging'))).toEqual([]);
  }
  for (const program of running.values()) expect(await program.stop()).toBe(0);
  expect(await server.program.stop()).toBe(0);
}, 180_000);
