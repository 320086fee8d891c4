import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Hasher } from '../hasher.ts';

/** What every hasher does. `make`: one that hashes contents of 1 MiB and more its own way. */
export function hasherContract(name: string, make: () => Hasher): void {
  const SIZE = 1024 * 1024;
  const checksumOf = (...pieces: readonly Uint8Array[]): string =>
    createHash('sha256').update(Buffer.concat(pieces)).digest('hex');

  describe(`hasher: ${name}`, () => {
    it('names what was pushed, whoever waits for each push or for none', async () => {
      const hasher = make();
      const pieces = Array.from({ length: 9 }, (_, at) => randomBytes(at * 100_000));
      const [waiting, hasty] = [hasher.open({ size: SIZE }), hasher.open({ size: SIZE })];
      for (const piece of pieces) {
        await waiting.push(piece);
        void hasty.push(piece);
      }
      expect(await waiting.end()).toBe(checksumOf(...pieces));
      expect(await hasty.end()).toBe(checksumOf(...pieces));
    });

    it('names nothing too, and contents that are not as large as was told', async () => {
      const hasher = make();
      expect(await hasher.open({ size: 0 }).end()).toBe(checksumOf());
      expect(await hasher.open({ size: SIZE }).end()).toBe(checksumOf());
      const small = hasher.open({ size: SIZE });
      await small.push(Buffer.from('abc'));
      expect(await small.end()).toBe(checksumOf(Buffer.from('abc')));
    });

    it('needs the bytes until the push resolves and no longer, in whatever memory they are', async () => {
      const hasher = make();
      const [piece, other] = [randomBytes(300_000), randomBytes(300_000)];
      const shared = Buffer.from(new SharedArrayBuffer(400_000)).subarray(50_000, 350_000);
      for (const memory of [shared, Buffer.alloc(400_000).subarray(50_000, 350_000)]) {
        const hashing = hasher.open({ size: SIZE });
        for (const bytes of [piece, other]) {
          memory.set(bytes);
          await hashing.push(memory);
          memory.fill(0);
        }
        expect(await hashing.end()).toBe(checksumOf(piece, other));
      }
    });

    it('names many at once, and those beside one that was given up', async () => {
      const hasher = make();
      const all = Array.from({ length: 5 }, () => {
        const piece = randomBytes(200_000);
        return { piece, hashing: hasher.open({ size: SIZE }) };
      });
      for (const { hashing, piece } of all) void hashing.push(piece);
      const [given, ...others] = all;
      given?.hashing.abandon();
      given?.hashing.abandon();
      for (const { hashing, piece } of others) {
        await hashing.push(piece);
        expect(await hashing.end()).toBe(checksumOf(piece, piece));
        hashing.abandon();
      }
    });
  });
}
