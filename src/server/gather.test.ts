import { describe, expect, it } from 'vitest';
import { gather } from './gather.ts';

const KIB = 1024;

async function* given(pieces: readonly Uint8Array[], failure?: Error): AsyncGenerator<Uint8Array> {
  yield* pieces;
  if (failure !== undefined) throw failure;
}

const of = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

async function gathered(pieces: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const piece of gather(given(pieces))) found.push(piece);
  return found;
}

describe('gather', () => {
  it('gives the same bytes in fewer pieces', async () => {
    const pieces = Array.from({ length: 100 }, (_, at) => of(1 + at * 40, at));
    const found = await gathered(pieces);
    expect(Buffer.concat(found)).toEqual(Buffer.concat(pieces));
    expect(found.length).toBeLessThan(6);
  });

  it('gives what is large as it is, in its place', async () => {
    const large = of(40 * KIB, 2);
    const found = await gathered([of(10, 1), large, of(10, 3)]);
    expect(found.map(({ length }) => length)).toEqual([10, large.length, 10]);
    expect(found[1]).toBe(large);
  });

  it('gives pieces that stay what they are', async () => {
    const found = await gathered(Array.from({ length: 12 }, (_, at) => of(20 * KIB, at)));
    expect(found.map((piece) => piece[0])).toEqual([0, 3, 6, 9]);
  });

  it('gives nothing for nothing', async () => {
    expect(await gathered([])).toEqual([]);
  });

  it('gives what came before a failure, then throws it', async () => {
    const failure = new Error('gone');
    const found: Uint8Array[] = [];
    const all = async () => {
      for await (const piece of gather(given([of(5, 1), of(6, 2)], failure))) found.push(piece);
    };
    await expect(all()).rejects.toBe(failure);
    expect(Buffer.concat(found)).toHaveLength(11);
  });
});
