import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dirt, Path, Watcher } from '../ports.ts';

/** A watcher over a directory that holds a directory `d`. */
export interface Watched {
  readonly watcher: Watcher & { readonly degraded: boolean };
  /** Makes something happen in a directory that is there. */
  happen(directory: Path): Promise<void>;
  remove(): Promise<void>;
}

/** What every Watcher does. */
export function watcherContract(name: string, make: () => Promise<Watched>): void {
  describe(`watcher contract: ${name}`, () => {
    let watched: Watched;
    beforeEach(async () => {
      watched = await make();
    });
    afterEach(async () => {
      await watched.watcher.stop();
      await watched.remove();
    });

    it.each([[[]], [['d']]])('tells of what happens in %j', async (directory) => {
      const dirt = new Heap();
      await watched.watcher.run(dirt.add);
      expect(watched.watcher.degraded).toBe(false);
      await watched.happen(directory);
      await dirt.covers(directory);
    });

    it('tells nothing after it was stopped, and is stopped twice as once', async () => {
      const dirt = new Heap();
      await watched.watcher.run(dirt.add);
      await watched.happen([]);
      const stopped = [watched.watcher.stop(), watched.watcher.stop()];
      dirt.clear();
      await watched.happen(['d']);
      await Promise.all(stopped);
      await turns(20);
      expect(dirt.all).toEqual([]);
    });

    it('may be stopped while it begins to run', async () => {
      const run = watched.watcher.run(() => {});
      await watched.watcher.stop();
      await run;
    });

    it('sees nothing when it was stopped before it runs', async () => {
      const dirt = new Heap();
      await watched.watcher.stop();
      await watched.watcher.run(dirt.add);
      await watched.happen([]);
      await turns(20);
      expect(dirt.all).toEqual([]);
    });

    it('runs once', async () => {
      await watched.watcher.run(() => {});
      await expect(watched.watcher.run(() => {})).rejects.toThrow(TypeError);
    });
  });
}

/** Collects what a watcher told. */
export class Heap {
  readonly all: Dirt[] = [];
  readonly add = (dirt: Dirt): void => void this.all.push(dirt);

  clear(): void {
    this.all.length = 0;
  }

  get everything(): boolean {
    return this.all.some((dirt) => dirt.type === 'everything');
  }

  has(path: Path): boolean {
    const name = path.join('/');
    return this.all.some((dirt) => dirt.type === 'directory' && dirt.path.join('/') === name);
  }

  /** Waits until the directory, or everything, was told to be dirty. */
  async covers(path: Path): Promise<void> {
    await until(() => this.everything || this.has(path), `${path.join('/') || '.'} is not dirty`);
  }
}

/** Waits, for 10 s at most. */
export async function until(met: () => boolean, otherwise: string): Promise<void> {
  for (const end = Date.now() + 10_000; !met(); await turns(1)) {
    if (Date.now() > end) throw new Error(otherwise);
  }
}

/** Some turns of the event loop, each with a moment for the system. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}
