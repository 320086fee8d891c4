import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Heap, turns } from './contract.ts';
import { nodeWatcher } from './node.ts';
import type { NodeWatcher } from './options.ts';

/**
 * Trees are made, moved, swapped and removed at random, in bursts between the turns of the loop;
 * then every directory that there is must be heard of under its name, and no other one with it.
 */
let root: string;
let watcher: NodeWatcher;
let dirt: Heap;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'syncer-'));
  watcher = nodeWatcher({ root, recursive: false });
  dirt = new Heap();
});
afterEach(async () => {
  await watcher.stop();
  rmSync(root, { recursive: true });
});

it.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'hears everything, seed %i',
  async (seed) => {
    const random = dice(seed);
    const started = watcher.run(dirt.add);
    if (random(2) === 0) await started;
    for (let step = 0; step < 60; step++) {
      attempt(STEPS[random(STEPS.length)], [place(random), place(random)]);
      if (random(4) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await started;
    await turns(20);
    for (const path of directories([])) {
      dirt.clear();
      writeFileSync(join(root, ...path, 'heard'), '');
      await dirt.covers(path);
      for (const told of dirt.all) expect(told).toEqual({ type: 'directory', path });
    }
  },
);

const make = (path: string): unknown => mkdirSync(path, { recursive: true });
const remove = (path: string): unknown => rmSync(path, { recursive: true, force: true });
const STEPS: ((path: string, other: string) => void)[] = [
  (path) => make(path),
  (path) => make(path),
  (path, other) => renameSync(path, other),
  (path, other) => renameSync(path, other),
  (path, other) => swap(path, other),
  (path) => remove(path),
  (path) => [remove(path), make(path)],
  (path) => writeFileSync(path, ''),
];

function swap(path: string, other: string): void {
  const aside = join(root, 'aside');
  renameSync(path, aside);
  renameSync(other, path);
  renameSync(aside, other);
}

/** Many steps make no sense where they come; the system refuses those. */
function attempt(step: (typeof STEPS)[number] | undefined, paths: [string, string]): void {
  try {
    step?.(...paths);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).syscall).toBeDefined();
  }
}

function place(random: (below: number) => number): string {
  const names = Array.from({ length: 1 + random(4) }, () => 'abcd'.charAt(random(4)));
  return join(root, ...names);
}

function directories(path: string[]): string[][] {
  const entries = readdirSync(join(root, ...path), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return [path, ...names.flatMap((name) => directories([...path, name]))];
}

/** A linear congruential generator: the same numbers for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
