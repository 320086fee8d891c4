import { describe, expect, it } from 'vitest';
import { atOnce } from './at-once.ts';

/** Work that ends when it is told to. */
class Bench {
  readonly begun: number[] = [];
  readonly #ends = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();

  readonly work = (one: number): Promise<void> => {
    this.begun.push(one);
    return new Promise((resolve, reject) => this.#ends.set(one, { resolve, reject }));
  };

  async end(one: number, error?: Error): Promise<void> {
    const end = this.#ends.get(one);
    if (error === undefined) end?.resolve();
    else end?.reject(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('atOnce', () => {
  it('does something with each, and with no more at a time than it may', async () => {
    const bench = new Bench();
    const all = atOnce([1, 2, 3, 4], 2, bench.work);
    expect(bench.begun).toEqual([1, 2]);
    await bench.end(2);
    expect(bench.begun).toEqual([1, 2, 3]);
    await bench.end(1);
    await bench.end(3);
    await bench.end(4);
    await all;
    expect(bench.begun).toEqual([1, 2, 3, 4]);
  });

  it('begins no other after an error, waits for those under way, and throws the first error', async () => {
    const bench = new Bench();
    let thrown: unknown;
    const all = atOnce([1, 2, 3], 2, bench.work).catch((error: unknown) => {
      thrown = error;
    });
    const [first, second] = [new Error('first'), new Error('second')];
    await bench.end(1, first);
    expect(thrown).toBe(undefined);
    await bench.end(2, second);
    await all;
    expect(thrown).toBe(first);
    expect(bench.begun).toEqual([1, 2]);
  });

  it('of nothing is done at once', async () => {
    await atOnce([], 3, () => Promise.reject(new Error('nothing to do')));
  });
});
