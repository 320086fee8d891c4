import { createHash } from 'node:crypto';
import type { Hasher, Hashing } from '../hasher.ts';

/** In this thread, at once. */
export const inPlaceHasher: Hasher = { open: () => new InPlace() };

class InPlace implements Hashing {
  readonly #hash = createHash('sha256');

  async push(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
  }

  async end(): Promise<string> {
    return this.#hash.digest('hex');
  }

  abandon(): void {}
}
